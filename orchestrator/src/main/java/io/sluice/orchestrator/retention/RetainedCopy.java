package io.sluice.orchestrator.retention;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.DrainId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A copy that the source of a migration kept.
 *
 * @param retiredAt when its migration was done
 * @param deletableAt when policy deletes it; null where policy keeps it for good
 * @param decision null while policy alone decides
 */
public record RetainedCopy(
        Key key,
        MigrationId migration,
        DrainId drain,
        long sizeBytes,
        Instant retiredAt,
        @Nullable Instant deletableAt,
        @Nullable Decision decision) {

    /** Which copy: a volume leaves a worker under another epoch each time. */
    public record Key(WorkerId worker, VolumeId volume, long epoch) {}

    /** What was decided over it, when and by whom; by {@link #POLICY} when its time was over. */
    public record Decision(Verdict verdict, Instant at, String by) {}

    /** What becomes of a copy. */
    public enum Verdict {
        /** It stays until somebody says otherwise, whatever its policy says. */
        KEEP,
        /** Its worker is told to delete it. There is no way back from here. */
        DELETE
    }

    /** Who decides where nobody does. */
    public static final String POLICY = "policy";
}
