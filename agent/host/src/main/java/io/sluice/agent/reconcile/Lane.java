package io.sluice.agent.reconcile;

import io.sluice.agent.api.Incoming;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Outgoing;
import io.sluice.agent.api.OutgoingVolume;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadId;
import java.util.List;
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

    /** Named after what moves, not after the migration: something an earlier one began may still be running. */
    static Lane of(Outgoing part) {
        String name = part.workload() == null
                ? nameOf(part.volumes().stream().map(OutgoingVolume::volume).toList())
                : nameOf(part.workload());
        return new Lane(name, Track.MIGRATION, part.migration());
    }

    /** Named as that of the same cargo on its way out. */
    static Lane of(Incoming part) {
        String name = part.workload() == null
                ? nameOf(part.volumes().stream().map(IncomingVolume::volume).toList())
                : nameOf(part.workload().id());
        return new Lane(name, Track.MIGRATION, part.migration());
    }

    static Lane of(WorkloadId workload) {
        return new Lane(nameOf(workload), Track.RESIDENT, null);
    }

    static Lane of(VolumeId volume) {
        return new Lane(nameOf(List.of(volume)), Track.RESIDENT, null);
    }

    Lane resident() {
        return new Lane(name, Track.RESIDENT, migration);
    }

    private static String nameOf(WorkloadId workload) {
        return "workload " + workload;
    }

    /** Of one that moves alone. */
    private static String nameOf(List<VolumeId> alone) {
        return "volume " + alone.getFirst();
    }
}
