package io.sluice.orchestrator.plan;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadId;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.fleet.Worker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who else, in the whole fleet, has or moves what lies on the workers to be drained; looked up once for all of it. */
final class Elsewhere {
    private final Map<WorkloadId, Reservation> movingWorkloads = new HashMap<>();
    private final Map<VolumeId, Reservation> movingVolumes = new HashMap<>();
    private final Map<WorkloadId, List<Holder>> workloads = new HashMap<>();
    private final Map<VolumeId, List<Holder>> volumes = new HashMap<>();

    /**
     * A worker that has a copy, or declares a workload, and the epoch it has it with.
     *
     * @param begun a copy that something may have written to: not one that was being made for a migration, which nothing ran on
     */
    record Holder(WorkerId worker, long epoch, boolean begun) {}

    private Elsewhere() {}

    static Elsewhere of(FleetSnapshot fleet, Collection<WorkerId> sources) {
        Elsewhere elsewhere = new Elsewhere();
        for (Reservation reservation : fleet.reservations()) {
            if (reservation.workload() != null) {
                elsewhere.movingWorkloads.putIfAbsent(reservation.workload(), reservation);
            }
            reservation.volumes().forEach(space -> elsewhere.movingVolumes.putIfAbsent(space.volume(), reservation));
        }
        Set<WorkloadId> workloads = new HashSet<>();
        Set<VolumeId> volumes = new HashSet<>();
        for (WorkerId id : sources) {
            Worker source = fleet.worker(id);
            if (source != null && source.report() != null) {
                source.report()
                        .workloads()
                        .forEach(workload -> workloads.add(workload.definition().id()));
                source.report().volumes().forEach(volume -> volumes.add(volume.volume()));
                source.report()
                        .workloads()
                        .forEach(
                                workload -> volumes.addAll(workload.definition().volumes()));
            }
        }
        fleet.workers().forEach(worker -> elsewhere.read(worker, workloads, volumes));
        return elsewhere;
    }

    private void read(Worker worker, Set<WorkloadId> wanted, Set<VolumeId> wantedVolumes) {
        if (worker.report() == null) {
            return;
        }
        worker.report().workloads().stream()
                .filter(workload -> wanted.contains(workload.definition().id()))
                .forEach(workload -> workloads
                        .computeIfAbsent(workload.definition().id(), id -> new ArrayList<>())
                        .add(new Holder(worker.id(), workload.epoch(), true)));
        worker.report().volumes().stream()
                .filter(volume -> volume.role() != VolumeRole.RETIRED && wantedVolumes.contains(volume.volume()))
                .forEach(volume -> volumes.computeIfAbsent(volume.volume(), id -> new ArrayList<>())
                        .add(new Holder(worker.id(), volume.epoch(), volume.role() != VolumeRole.INCOMING)));
    }

    /** The live migration it is part of; null when there is none. */
    @Nullable
    Reservation moving(WorkloadId workload) {
        return movingWorkloads.get(workload);
    }

    /** The live migration it is part of; null when there is none. */
    @Nullable
    Reservation moving(VolumeId volume) {
        return movingVolumes.get(volume);
    }

    /** Another worker that declares this workload with this epoch or a newer one; null when there is none. */
    @Nullable
    Holder rival(WorkerId worker, WorkloadId workload, long epoch) {
        return rival(workloads.getOrDefault(workload, List.of()), worker, epoch);
    }

    /** Another worker that holds a copy, not a retired one or one that never was in use, with this epoch or a newer one; null when there is none. */
    @Nullable
    Holder rival(WorkerId worker, VolumeId volume, long epoch) {
        return rival(volumes.getOrDefault(volume, List.of()), worker, epoch);
    }

    /** Whether the worker holds a copy, not a retired one. */
    boolean isHeld(WorkerId worker, VolumeId volume) {
        return volumes.getOrDefault(volume, List.of()).stream()
                .anyMatch(holder -> holder.worker().equals(worker));
    }

    private static @Nullable Holder rival(List<Holder> holders, WorkerId worker, long epoch) {
        return holders.stream()
                .filter(holder -> holder.begun() && !holder.worker().equals(worker) && holder.epoch() >= epoch)
                .findFirst()
                .orElse(null);
    }
}
