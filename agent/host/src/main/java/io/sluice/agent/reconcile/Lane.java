package io.sluice.agent.reconcile;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadId;
import org.jspecify.annotations.Nullable;

/**
 * Actions of one lane run one after another in the planner's order; lanes do not wait for each other.
 *
 * @param migration the migration it serves; null for what concerns no migration
 */
public record Lane(String name, @Nullable MigrationId migration) {
    static Lane of(MigrationId migration) {
        return new Lane("migration " + migration, migration);
    }

    static Lane of(WorkloadId workload) {
        return new Lane("workload " + workload, null);
    }

    static Lane of(VolumeId volume) {
        return new Lane("volume " + volume, null);
    }
}
