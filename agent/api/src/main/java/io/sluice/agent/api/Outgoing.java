package io.sluice.agent.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The source's part of one migration.
 *
 * @param epoch fencing epoch of the migration; an agent that knows a higher one for the same volume ignores this part
 * @param workload what to stop and keep stopped; null when a volume moves alone
 * @param retainSeconds how long the source's copy is kept once {@link OutgoingGoal#RELEASED} unless its deletion is asked for
 *     ({@link HostSpec#deletions}); 0 deletes it at once
 */
public record Outgoing(
        MigrationId migration,
        long epoch,
        OutgoingGoal goal,
        @Nullable WorkloadId workload,
        List<OutgoingVolume> volumes,
        long retainSeconds) {
    /** A hundred years: the host never deletes the copy by itself. */
    public static final long UNTIL_TOLD_SECONDS = 100L * 365 * 24 * 60 * 60;

    public Outgoing {
        volumes = List.copyOf(volumes);
    }
}
