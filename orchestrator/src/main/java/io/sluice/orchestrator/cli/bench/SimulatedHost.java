package io.sluice.orchestrator.cli.bench;

import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.ExportReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.Incoming;
import io.sluice.agent.api.IncomingGoal;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Outgoing;
import io.sluice.agent.api.OutgoingGoal;
import io.sluice.agent.api.OutgoingVolume;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.agent.api.WorkloadStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A worker without disks: what it should hold it holds at once, but for hydration, which takes its time. Each volume belongs to
 * a workload of its own. For one thread.
 */
final class SimulatedHost {
    static final long VOLUME = 1L << 30;
    private static final PoolName POOL = new PoolName("main");
    private static final int BLOCK = 4096;
    private static final int REGION = 64 << 10;
    private static final int GRACE_SECONDS = 30;
    private static final ResourceRequest REQUEST = new ResourceRequest(100, 256L << 20);

    private final WorkerId id;
    private final long poolBytes;
    private final LongSupplier hydrationNanos;
    private final Map<VolumeId, VolumeReport> volumes = new TreeMap<>();
    private final Map<WorkloadId, WorkloadReport> workloads = new TreeMap<>();
    private final Map<MigrationId, Copying> copying = new HashMap<>();
    private HostSpec spec;

    /** A copy that is made, since when and for how long. */
    private record Copying(long since, long nanos) {}

    /** With room for so many volumes of others. */
    SimulatedHost(WorkerId id, int volumeCount, int room, LongSupplier hydrationNanos) {
        this.id = id;
        this.poolBytes = (volumeCount + room) * VOLUME;
        this.hydrationNanos = hydrationNanos;
        this.spec = HostSpec.empty(id);
        for (int i = 0; i < volumeCount; i++) {
            VolumeId volume = new VolumeId("v-" + id + "-" + i);
            WorkloadDefinition definition = new WorkloadDefinition(
                    new WorkloadId("app-" + id + "-" + i),
                    List.of(volume),
                    "none",
                    null,
                    null,
                    Map.of(),
                    REQUEST,
                    GRACE_SECONDS,
                    GRACE_SECONDS);
            volumes.put(volume, volume(volume, VOLUME, 0, VolumeRole.OWNED, true));
            workloads.put(definition.id(), new WorkloadReport(definition, WorkloadStatus.RUNNING, 0, false));
        }
    }

    WorkerId id() {
        return id;
    }

    long generation() {
        return spec.generation();
    }

    private static VolumeReport volume(VolumeId id, long size, long epoch, VolumeRole role, boolean writable) {
        return new VolumeReport(id, POOL, size, BLOCK, size / 2, epoch, role, writable, null);
    }

    /** Takes a spec up; false when it is not newer than what is known. */
    boolean take(HostSpec next, long now) {
        if (next.generation() <= spec.generation()) {
            return false;
        }
        spec = next;
        next.outgoing().forEach(this::hold);
        next.incoming().forEach(part -> hold(part, now));
        return true;
    }

    private void hold(Outgoing part) {
        for (OutgoingVolume out : part.volumes()) {
            VolumeReport now = volumes.get(out.volume());
            if (now != null) {
                switch (part.goal()) {
                    case OFFERED -> {}
                    case FROZEN -> put(now, VolumeRole.FROZEN, false);
                    case RESTORED -> put(now, VolumeRole.OWNED, true);
                    case RELEASED -> put(now, VolumeRole.RETIRED, false);
                }
            }
        }
        WorkloadReport workload = part.workload() == null ? null : workloads.get(part.workload());
        if (workload != null) {
            switch (part.goal()) {
                case OFFERED -> {}
                case FROZEN -> put(workload, WorkloadStatus.STOPPED, true);
                case RESTORED -> put(workload, WorkloadStatus.RUNNING, false);
                case RELEASED -> workloads.remove(workload.definition().id());
            }
        }
    }

    private void put(VolumeReport now, VolumeRole role, boolean writable) {
        volumes.put(now.volume(), volume(now.volume(), now.sizeBytes(), now.epoch(), role, writable));
    }

    private void put(WorkloadReport now, WorkloadStatus status, boolean held) {
        workloads.put(now.definition().id(), new WorkloadReport(now.definition(), status, now.epoch(), held));
    }

    private void hold(Incoming part, long now) {
        if (part.goal() == IncomingGoal.DISCARDED) {
            part.volumes().forEach(in -> volumes.remove(in.volume()));
            return;
        }
        boolean runs = part.goal().compareTo(IncomingGoal.RUNNING) >= 0;
        for (IncomingVolume in : part.volumes()) {
            volumes.put(
                    in.volume(),
                    volume(
                            in.volume(),
                            in.sizeBytes(),
                            part.epoch(),
                            runs ? VolumeRole.OWNED : VolumeRole.INCOMING,
                            runs));
        }
        if (runs && part.workload() != null) {
            workloads.put(
                    part.workload().id(),
                    new WorkloadReport(part.workload(), WorkloadStatus.RUNNING, part.epoch(), false));
        }
        if (part.goal() == IncomingGoal.HYDRATED) {
            copying.computeIfAbsent(part.migration(), id -> new Copying(now, hydrationNanos.getAsLong()));
        } else if (part.goal() == IncomingGoal.SETTLED) {
            copying.remove(part.migration());
        }
    }

    /** How long until the next copy is whole; null while none is made. */
    @Nullable
    Long untilWhole(long now) {
        return copying.values().stream()
                .map(copy -> copy.since() + copy.nanos() - now)
                .filter(left -> left > 0)
                .min(Long::compare)
                .orElse(null);
    }

    /** What it would report now. */
    HostReport report(long sequence, long now) {
        List<ExportReport> exports = new ArrayList<>();
        for (Outgoing part : spec.outgoing()) {
            if (part.goal() == OutgoingGoal.OFFERED || part.goal() == OutgoingGoal.FROZEN) {
                boolean frozen = part.goal() == OutgoingGoal.FROZEN;
                part.volumes()
                        .forEach(out -> exports.add(new ExportReport(
                                part.migration(), out.volume(), out.access().target(), frozen, 1, 0)));
            }
        }
        List<IncomingVolumeReport> incoming = new ArrayList<>();
        for (Incoming part : spec.incoming()) {
            if (part.goal() != IncomingGoal.DISCARDED) {
                part.volumes().forEach(in -> incoming.add(incoming(part, in, now)));
            }
        }
        long committed =
                volumes.values().stream().mapToLong(VolumeReport::sizeBytes).sum();
        return new HostReport(
                id,
                1,
                sequence,
                spec.generation(),
                "boot-1",
                0,
                List.of(new PoolReport(POOL, "directory", poolBytes, committed, poolBytes - committed)),
                List.copyOf(volumes.values()),
                List.copyOf(workloads.values()),
                exports,
                incoming,
                List.of(),
                null,
                null);
    }

    private IncomingVolumeReport incoming(Incoming part, IncomingVolume in, long now) {
        boolean settled = part.goal() == IncomingGoal.SETTLED;
        boolean cloned = part.goal() != IncomingGoal.PREPARED;
        IncomingStage stage = settled ? IncomingStage.LINEAR : cloned ? IncomingStage.CLONED : IncomingStage.ATTACHED;
        long regions = in.sizeBytes() / REGION;
        return new IncomingVolumeReport(
                part.migration(),
                in.volume(),
                part.epoch(),
                stage,
                settled ? null : new AttachmentReport(in.access().target(), in.portal(), true, 1),
                cloned && !settled ? hydration(part, in, now) : null,
                settled ? new VerificationReport(regions / 2, 0, regions / 2, 0) : null);
    }

    /** Half of a volume is holes, which are local at once. */
    private HydrationReport hydration(Incoming part, IncomingVolume in, long now) {
        long regions = in.sizeBytes() / REGION;
        Copying copy = copying.get(part.migration());
        double share = copy == null ? 0 : Math.min(1, (double) (now - copy.since()) / copy.nanos());
        long copied = (long) (share * (regions - regions / 2));
        return new HydrationReport(
                REGION,
                regions,
                regions / 2 + copied,
                0,
                copied * REGION,
                regions / 2 * REGION,
                0,
                copy == null ? 0 : (long) (in.sizeBytes() / 2.0 * 1e9 / copy.nanos()),
                copy != null && share < 1);
    }

    /** What each of its migrations is asked here now. */
    Map<MigrationId, String> goals() {
        Map<MigrationId, String> goals = new HashMap<>();
        spec.outgoing().forEach(part -> goals.put(part.migration(), part.goal().name()));
        spec.incoming().forEach(part -> goals.put(part.migration(), part.goal().name()));
        return goals;
    }
}
