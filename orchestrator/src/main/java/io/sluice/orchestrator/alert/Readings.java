package io.sluice.orchestrator.alert;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What alarms are decided on, read at one moment by the store's time. */
public record Readings(Instant now, List<OfMigration> migrations, List<OfDrain> drains, List<OfWorker> workers) {
    public Readings {
        migrations = List.copyOf(migrations);
        drains = List.copyOf(drains);
        workers = List.copyOf(workers);
    }

    /**
     * A live migration.
     *
     * @param cargo name of what moves
     * @param state as stored
     * @param deadline when it should have left the state; null is never
     * @param reason code of what it waits for; null when nothing was noted
     * @param exposedSince since when its workload runs while bytes of it lie on the source; null while it does not
     */
    public record OfMigration(
            String id,
            String cargo,
            String source,
            String destination,
            String state,
            @Nullable Instant deadline,
            @Nullable String reason,
            @Nullable Instant reasonSince,
            @Nullable Instant exposedSince) {}

    /**
     * An open drain that has a deadline and is not through.
     *
     * @param leftBytes what is still to be copied; null is unknown
     * @param bytesPerSecond what all its migrations copy at now; null is unknown
     */
    public record OfDrain(
            String id,
            String worker,
            Instant deadline,
            @Nullable Long leftBytes,
            @Nullable Long bytesPerSecond) {}

    /**
     * A silent worker that is expected to report: those that are safe to power off are not.
     *
     * @param lastSeen null before its first report
     */
    public record OfWorker(String id, @Nullable Instant lastSeen) {}
}
