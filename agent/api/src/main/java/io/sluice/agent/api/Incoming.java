package io.sluice.agent.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The destination's part of one migration.
 *
 * @param epoch fencing epoch of the migration, and the epoch its volumes carry here
 * @param workload the definition that travels; null when a volume moves alone
 */
public record Incoming(
        MigrationId migration,
        long epoch,
        IncomingGoal goal,
        @Nullable WorkloadDefinition workload,
        List<IncomingVolume> volumes) {
    public Incoming {
        volumes = List.copyOf(volumes);
    }
}
