package io.sluice.orchestrator.migration;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a migration keeps to.
 *
 * @param perSource how many migrations may be under way from one worker
 * @param perDestination how many may be under way to one worker
 * @param silentAfter a host whose last sighting is older says nothing any more
 * @param deadlines how long a state should last at most; a state not named may last for ever
 * @param steering what operators ask of its drain
 */
public record Limits(
        int perSource,
        int perDestination,
        Duration silentAfter,
        Map<MigrationState, Duration> deadlines,
        Steering steering) {

    /**
     * Silence: a sync is held 20 s, so 45 s are two heartbeats missed. Deadlines do not end anything: they are when an
     * operator is told. Stopping and Starting allow for the workload's own grace on top (see {@link #deadline}).
     */
    public static final Limits DEFAULT = new Limits(
            4,
            2,
            Duration.ofSeconds(45),
            Map.of(
                    MigrationState.Reversible.PREPARING, Duration.ofMinutes(5),
                    MigrationState.Reversible.STOPPING, Duration.ofSeconds(30),
                    MigrationState.Reversible.CLONING, Duration.ofSeconds(30),
                    MigrationState.Reversible.ABORTING, Duration.ofMinutes(5),
                    MigrationState.ForwardOnly.STARTING, Duration.ofSeconds(30),
                    MigrationState.ForwardOnly.HYDRATING, Duration.ofHours(12),
                    MigrationState.ForwardOnly.SETTLING, Duration.ofHours(1),
                    MigrationState.ForwardOnly.RELEASING, Duration.ofMinutes(5)),
            Steering.NONE);

    public Limits {
        deadlines = Map.copyOf(deadlines);
        if (perSource < 1 || perDestination < 1) {
            throw new IllegalArgumentException("concurrency is at least 1 per source and per destination, not "
                    + perSource + " and " + perDestination);
        }
    }

    public Limits withConcurrency(int source, int destination) {
        return new Limits(source, destination, silentAfter, deadlines, steering);
    }

    public Limits steered(Steering next) {
        return new Limits(perSource, perDestination, silentAfter, deadlines, next);
    }

    /** How long this migration may stay in that state; null is as long as it takes. */
    @Nullable
    Duration deadline(MigrationState state, Migration migration) {
        Duration base = deadlines.get(state);
        var workload = migration.cargo().workload();
        if (base == null || workload == null) {
            return base;
        }
        if (state == MigrationState.Reversible.STOPPING) {
            return base.plusSeconds(workload.stopGraceSeconds());
        }
        if (state == MigrationState.ForwardOnly.STARTING || state == MigrationState.Reversible.ABORTING) {
            return base.plusSeconds(workload.startGraceSeconds());
        }
        return base;
    }
}
