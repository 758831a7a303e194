package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.devicemapper.CloneStatus;
import io.sluice.agent.devicemapper.EraStatus;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What can be done about a clone's failed devices below a workload that uses them: dm-clone's metadata are opened again, dm-era is
 * taken out of the way. For one thread at a time.
 */
final class CloneRepair {
    private static final Logger log = LoggerFactory.getLogger(CloneRepair.class);

    /** Between attempts: their disk is seldom well sooner, and each suspends what the workload uses. */
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(20);

    private @Nullable Instant tried;

    /** Whether it was tried now; harmless when it fails. */
    boolean reopen(CloneRecord record, CloneStack stack, Instant now) {
        if (!isDue(now)) {
            return false;
        }
        log.warn("opening a clone's metadata again volume={}", record.volume());
        stack.reopenFailed();
        return true;
    }

    /**
     * Lets the workload write past a dm-era that has failed, once its record is given up; whether that was tried now. Not while reads
     * wait for the source: the suspend would wait for them, and all other I/O for the suspend.
     */
    boolean passBy(
            CloneRecord record,
            CloneStack stack,
            CloneStack.Seen seen,
            @Nullable AttachmentReport source,
            Instant now) {
        boolean nothingWaits = (source != null && source.connected())
                || (seen.ofClone() instanceof CloneStatus.Working working && working.complete());
        if (record.writtenSetLostAt() == null
                || !(seen.ofEra() instanceof EraStatus.Failed)
                || !nothingWaits
                || !isDue(now)) {
            return false;
        }
        log.warn("taking a failed dm-era out of the workload's way volume={}", record.volume());
        stack.passByEra();
        return true;
    }

    private boolean isDue(Instant now) {
        Instant last = tried;
        if (last != null && now.isBefore(last.plus(AGAIN_AFTER))) {
            return false;
        }
        tried = now;
        return true;
    }
}
