package io.sluice.agent.reconcile;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadId;
import org.jspecify.annotations.Nullable;

/**
 * Actions whose lanes have one name run one at a time; other lanes do not wait for them. Within one track they run in the
 * planner's order and a failing one holds the rest; the other track goes on meanwhile.
 *
 * @param migration the migration it serves; null for what concerns no migration
 */
public record Lane(String name, Track track, @Nullable MigrationId migration) {

    /** A workload that cannot be started must not keep its volumes from leaving, nor an export a workload from starting. */
    public enum Track {
        RESIDENT,
        MIGRATION
    }

    static Lane of(MigrationId migration) {
        return new Lane("migration " + migration, Track.MIGRATION, migration);
    }

    static Lane of(WorkloadId workload) {
        return new Lane("workload " + workload, Track.RESIDENT, null);
    }

    static Lane of(VolumeId volume) {
        return new Lane("volume " + volume, Track.RESIDENT, null);
    }

    Lane resident() {
        return new Lane(name, Track.RESIDENT, migration);
    }
}
