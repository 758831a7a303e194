package io.sluice.orchestrator.plan;

import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.fleet.Worker;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One worker that might take something: whether it takes anything at all, and what room it has before this plan places
 * anything. Of a pool that is capacity less headroom, less what is committed, less what live migrations reserved and have
 * not created yet; of CPU and memory likewise. What is about to leave still counts: it takes its room until it is gone.
 */
final class Destination {
    private final int index;
    private final Worker worker;
    private final List<PoolReport> pools;
    private final long[] free;
    private final long[] extents;
    private final int headroomPercent;
    private final ResourceRequest resources;
    private final Set<String> groups;
    private final @Nullable String zone;
    private final @Nullable String rack;

    private Destination(
            int index,
            Worker worker,
            List<PoolReport> pools,
            long[] free,
            ResourceRequest resources,
            Set<String> groups,
            int headroomPercent) {
        this.index = index;
        this.worker = worker;
        this.pools = pools;
        this.free = free;
        this.extents = pools.stream()
                .mapToLong(pool -> pool.extentBytes() == null ? 1 : Math.max(1, pool.extentBytes()))
                .toArray();
        this.resources = resources;
        this.groups = groups;
        this.headroomPercent = headroomPercent;
        this.zone = Place.zone(worker);
        this.rack = Place.rack(worker);
    }

    static Destination of(int index, Worker worker, List<Reservation> arriving, PlanLimits limits) {
        HostReport report = worker.report();
        if (report == null) {
            return new Destination(index, worker, List.of(), new long[0], ResourceRequest.NONE, Set.of(), 0);
        }
        Set<String> groups = new HashSet<>();
        long cpu = worker.profile().capacity().cpuMillis();
        long memory = worker.profile().capacity().memoryBytes();
        for (WorkloadReport workload : report.workloads()) {
            cpu -= workload.definition().request().cpuMillis();
            memory -= workload.definition().request().memoryBytes();
            addIfKnown(groups, workload.definition().group());
        }
        Map<PoolName, Long> reserved = new HashMap<>();
        if (!arriving.isEmpty()) {
            Set<VolumeId> held = new HashSet<>();
            report.volumes().stream()
                    .filter(volume -> volume.role() != VolumeRole.RETIRED)
                    .forEach(volume -> held.add(volume.volume()));
            Set<WorkloadId> declared = new HashSet<>();
            report.workloads()
                    .forEach(workload -> declared.add(workload.definition().id()));
            for (Reservation reservation : arriving) {
                addIfKnown(groups, reservation.group());
                if (reservation.workload() == null || !declared.contains(reservation.workload())) {
                    cpu -= reservation.request().cpuMillis();
                    memory -= reservation.request().memoryBytes();
                }
                reservation.volumes().stream()
                        .filter(space -> !held.contains(space.volume()))
                        .forEach(space -> reserved.merge(space.pool(), space.sizeBytes(), Long::sum));
            }
        }
        boolean portable = worker.profile().capabilities().portableClone();
        List<PoolReport> usable = report.pools().stream()
                .filter(pool -> portable || logical(pool))
                .sorted(Comparator.comparing(PoolReport::name))
                .toList();
        long[] free = usable.stream()
                .mapToLong(pool -> free(pool, limits.headroomPercent(), 0, 0) - reserved.getOrDefault(pool.name(), 0L))
                .toArray();
        return new Destination(
                index, worker, usable, free, new ResourceRequest(cpu, memory), groups, limits.headroomPercent());
    }

    /** dm-clone needs a block device under it: a logical volume, not a file. */
    private static boolean logical(PoolReport pool) {
        return pool.kind().startsWith("lvm");
    }

    /** Never more than the medium has left, for a pool may share its medium with others. */
    private static long free(PoolReport pool, int headroomPercent, long goneBytes, long goneAllocatedBytes) {
        long headroom = pool.capacityBytes() / 100 * headroomPercent;
        return Math.min(
                pool.capacityBytes() - headroom - pool.committedBytes() + goneBytes,
                pool.freeBytes() + goneAllocatedBytes);
    }

    /** How much more a pool would take without volumes of that size, of which so much is allocated. */
    long gains(int pool, long sizeBytes, long allocatedBytes) {
        PoolReport report = pools.get(pool);
        return free(report, headroomPercent, sizeBytes, allocatedBytes) - free(report, headroomPercent, 0, 0);
    }

    private static void addIfKnown(Set<String> groups, @Nullable String group) {
        if (group != null) {
            groups.add(group);
        }
    }

    /** The kernel's dm-clone where the worker has it and every volume lands on a logical volume, else the portable engine. */
    CloneEngine engine(int[] chosen) {
        return worker.profile().capabilities().dmClone()
                        && chosen.length > 0
                        && IntStream.of(chosen).allMatch(pool -> logical(pools.get(pool)))
                ? CloneEngine.DM_CLONE
                : CloneEngine.PORTABLE;
    }

    /** Why it takes nothing, whatever it is; null when it takes things. */
    @Nullable
    Obstacle closed() {
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
        return capabilities.dmClone() || capabilities.portableClone() ? null : Obstacle.NO_CLONE_ENGINE;
    }

    int index() {
        return index;
    }

    Worker worker() {
        return worker;
    }

    WorkerId id() {
        return worker.id();
    }

    @Nullable
    String zone() {
        return zone;
    }

    @Nullable
    String rack() {
        return rack;
    }

    /** Whether a member of this group is on it, or on its way to it. */
    boolean has(String group) {
        return groups.contains(group);
    }

    int pools() {
        return free.length;
    }

    PoolReport pool(int pool) {
        return pools.get(pool);
    }

    /** -1 when it has none of this name. */
    int pool(PoolName name) {
        for (int i = 0; i < free.length; i++) {
            if (pools.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether a volume of that size can lie in the pool exactly, be there room or not. */
    boolean gives(int pool, long sizeBytes) {
        return sizeBytes % extents[pool] == 0;
    }

    long[] freeBytes() {
        return free.clone();
    }

    ResourceRequest resources() {
        return resources;
    }
}
