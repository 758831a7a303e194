package io.sluice.orchestrator.plan;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadId;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.fleet.Worker;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One worker that might take something: what speaks against it, and what room it has before this plan places anything.
 *
 * @param free bytes left per pool: capacity less headroom, less what is committed, less what live migrations reserved and
 *     have not created yet
 * @param resources CPU and memory left, reckoned likewise
 * @param groups groups of the workloads it has or is about to get
 * @param held volumes of which it has a copy that is not retired
 */
record Destination(
        Worker worker, Map<PoolName, Long> free, ResourceRequest resources, Set<String> groups, Set<VolumeId> held) {

    static Destination of(Worker worker, FleetSnapshot fleet, PlanLimits limits) {
        HostReport report = worker.report();
        List<Reservation> arriving = fleet.reservations().stream()
                .filter(reservation -> reservation.destination().equals(worker.id()))
                .toList();
        Set<VolumeId> held = new HashSet<>();
        Set<String> groups = new HashSet<>();
        Map<PoolName, Long> free = new TreeMap<>();
        ResourceRequest resources = worker.profile().capacity();
        if (report != null) {
            report.volumes().stream()
                    .filter(volume -> volume.role() != VolumeRole.RETIRED)
                    .forEach(volume -> held.add(volume.volume()));
            report.pools().forEach(pool -> free.put(pool.name(), free(pool, limits)));
            for (var workload : report.workloads()) {
                resources = minus(resources, workload.definition().request());
                addIfKnown(groups, workload.definition().group());
            }
        }
        Set<WorkloadId> declared = report == null
                ? Set.of()
                : report.workloads().stream()
                        .map(workload -> workload.definition().id())
                        .collect(Collectors.toSet());
        for (Reservation reservation : arriving) {
            addIfKnown(groups, reservation.group());
            if (reservation.workload() == null || !declared.contains(reservation.workload())) {
                resources = minus(resources, reservation.request());
            }
            reservation.volumes().stream()
                    .filter(space -> !held.contains(space.volume()))
                    .forEach(space -> free.merge(space.pool(), -space.sizeBytes(), Long::sum));
        }
        return new Destination(worker, free, resources, groups, held);
    }

    WorkerId id() {
        return worker.id();
    }

    /** The first thing that keeps this cargo from here whatever room there is; null when nothing does. */
    @Nullable
    Obstacle unfit(Cargo cargo, Worker source) {
        if (!worker.connected() || worker.report() == null) {
            return Obstacle.NOT_CONNECTED;
        }
        if (worker.cordoned()) {
            return Obstacle.CORDONED;
        }
        if (worker.draining()) {
            return Obstacle.DRAINING;
        }
        var capabilities = worker.profile().capabilities();
        if (!capabilities.dmClone() && !capabilities.portableClone()) {
            return Obstacle.NO_CLONE_ENGINE;
        }
        String region = source.profile().location().region();
        if (region != null && !region.equals(worker.profile().location().region())) {
            return Obstacle.OTHER_REGION;
        }
        if (cargo.volumeIds().stream().anyMatch(held::contains)) {
            return Obstacle.HOLDS_A_COPY;
        }
        return cargo.group() != null && groups.contains(cargo.group()) ? Obstacle.HAS_GROUP_MEMBER : null;
    }

    /** What is left here once these cargoes are placed here. */
    Destination with(List<Spot> placed) {
        Map<PoolName, Long> left = new TreeMap<>(free);
        Set<String> present = new HashSet<>(groups);
        ResourceRequest rest = resources;
        for (Spot spot : placed) {
            addIfKnown(present, spot.cargo().group());
            rest = minus(rest, spot.cargo().request());
            for (int i = 0; i < spot.pools().size(); i++) {
                left.merge(spot.pools().get(i), -spot.cargo().volumes().get(i).sizeBytes(), Long::sum);
            }
        }
        return new Destination(worker, left, rest, present, held);
    }

    /** The first thing there is too little of for this cargo; null when it fits. */
    @Nullable
    Obstacle shortOf(Cargo cargo) {
        if (cargo.group() != null && groups.contains(cargo.group())) {
            return Obstacle.HAS_GROUP_MEMBER;
        }
        if (Pools.choose(cargo, free) == null) {
            return Obstacle.NO_POOL_WITH_ROOM;
        }
        if (cargo.request().cpuMillis() > Math.max(0, resources.cpuMillis())) {
            return Obstacle.NO_CPU;
        }
        return cargo.request().memoryBytes() > Math.max(0, resources.memoryBytes()) ? Obstacle.NO_MEMORY : null;
    }

    /** Free of this worker's scarcest resource, in thousandths; what a worker does not have is not scarce. */
    long scarcestShare() {
        long share = 1000;
        HostReport report = Objects.requireNonNull(worker.report());
        for (PoolReport pool : report.pools()) {
            share = Math.min(share, share(free.getOrDefault(pool.name(), 0L), pool.capacityBytes()));
        }
        ResourceRequest capacity = worker.profile().capacity();
        share = Math.min(share, share(resources.cpuMillis(), capacity.cpuMillis()));
        return Math.min(share, share(resources.memoryBytes(), capacity.memoryBytes()));
    }

    private static long share(long free, long capacity) {
        return capacity <= 0 ? 1000 : Math.round(1000.0 * free / capacity);
    }

    /** Never more than the medium has left, for a pool may share its medium with others. */
    private static long free(PoolReport pool, PlanLimits limits) {
        long headroom = pool.capacityBytes() / 100 * limits.headroomPercent();
        return Math.min(pool.capacityBytes() - headroom - pool.committedBytes(), pool.freeBytes());
    }

    private static ResourceRequest minus(ResourceRequest from, ResourceRequest request) {
        return new ResourceRequest(from.cpuMillis() - request.cpuMillis(), from.memoryBytes() - request.memoryBytes());
    }

    private static void addIfKnown(Set<String> groups, @Nullable String group) {
        if (group != null) {
            groups.add(group);
        }
    }
}
