package io.sluice.orchestrator.server;

import io.sluice.agent.api.AgentApi;
import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.ExportReport;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.Incoming;
import io.sluice.agent.api.IncomingGoal;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.Outgoing;
import io.sluice.agent.api.OutgoingGoal;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.RegisterResponse;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.RetiredCopy;
import io.sluice.agent.api.RetiredCopyReport;
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
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** An agent in words only: it registers, and once {@link #live} it syncs for ever and reports at once whatever it was told as done. */
final class FakeHost implements AutoCloseable {
    static final long MIB = 1L << 20;
    static final long VOLUME = 64 * MIB;
    private static final PoolName POOL = new PoolName("main");
    private static final int REGION = 1 << 20;

    private final RestCaller caller;
    private final String name;
    private final AtomicLong sequence = new AtomicLong();
    private final Map<VolumeId, VolumeReport> volumes = new TreeMap<>();
    private final Map<WorkloadId, WorkloadReport> workloads = new TreeMap<>();
    private Map<String, String> labels = Map.of();
    private int room = 100;
    private @Nullable RegisterResponse identity;
    private HostSpec spec = new HostSpec(new WorkerId("nobody"), 0, List.of(), List.of());
    private @Nullable Thread running;

    /** Goals further than this are taken up but not reported as reached; null reaches all. */
    volatile @Nullable IncomingGoal stuckBefore;

    /** Reported for every migration that comes in. */
    volatile @Nullable FailureReport failure;

    /** What it says it can do; null says nothing. */
    volatile RegisterRequest.@Nullable Capabilities capabilities;

    /** Where retired copies lie cannot be read: it neither tells nor deletes them. */
    volatile boolean retiredUnreadable;

    volatile boolean closed;

    FakeHost(RestCaller caller, String name) {
        this.caller = caller;
        this.name = name;
    }

    RegisterRequest registration(String machine, String claim) {
        return new RegisterRequest(
                machine,
                claim,
                name,
                new RegisterRequest.Location("eu", null, null),
                labels,
                new Portal("127.0.0.1", 3260),
                "iqn.2026-11.io.sluice:initiator." + name,
                new RegisterRequest.Capabilities(false, true),
                new ResourceRequest(8000, 16L << 30),
                "test");
    }

    FakeHost register() {
        RestCaller.Reply reply = caller.post(AgentApi.REGISTER, registration("machine-" + name, "claim-" + name));
        if (reply.status() != 200) {
            throw new IllegalStateException("registration answered " + reply);
        }
        identity = caller.json().treeToValue(reply.body(), RegisterResponse.class);
        spec = HostSpec.empty(id());
        return this;
    }

    WorkerId id() {
        return known().worker();
    }

    private RegisterResponse known() {
        return java.util.Objects.requireNonNull(identity, "register first");
    }

    RestCaller agent() {
        return caller.with(known().credential());
    }

    FakeHost labelled(Map<String, String> with) {
        labels = with;
        return this;
    }

    /** Its pool is as large as so many volumes; it has room for 100 unless told. */
    FakeHost room(int forVolumes) {
        room = forVolumes;
        return this;
    }

    /** A running workload with one volume of its own name. */
    synchronized FakeHost workload(String id) {
        return workload(id, null);
    }

    synchronized FakeHost workload(String id, @Nullable String group) {
        VolumeId volume = new VolumeId(id + "-data");
        volumes.put(volume, owned(volume, 0));
        WorkloadDefinition definition = new WorkloadDefinition(
                new WorkloadId(id), List.of(volume), "none", null, group, Map.of(), ResourceRequest.NONE, 10, 10);
        workloads.put(definition.id(), new WorkloadReport(definition, WorkloadStatus.RUNNING, 0, false));
        return this;
    }

    private static VolumeReport owned(VolumeId volume, long epoch) {
        return volume(volume, epoch, VolumeRole.OWNED, true);
    }

    private static VolumeReport volume(VolumeId volume, long epoch, VolumeRole role, boolean writable) {
        return new VolumeReport(volume, POOL, VOLUME, 4096, VOLUME / 2, epoch, role, writable, null);
    }

    /** What it would report now. */
    synchronized HostReport report() {
        return report(sequence.incrementAndGet());
    }

    synchronized HostReport report(long number) {
        List<ExportReport> exports = new ArrayList<>();
        List<IncomingVolumeReport> incoming = new ArrayList<>();
        List<FailureReport> failures = new ArrayList<>();
        spec.outgoing().forEach(part -> outgoing(part, exports));
        boolean unreadable = retiredUnreadable;
        volumes.values()
                .removeIf(copy -> !unreadable
                        && copy.role() == VolumeRole.RETIRED
                        && spec.deletions().contains(new RetiredCopy(copy.volume(), copy.epoch())));
        for (Incoming part : spec.incoming()) {
            incoming(part, incoming);
            FailureReport told = failure;
            if (told != null && part.goal() != IncomingGoal.DISCARDED) {
                failures.add(new FailureReport(
                        part.migration(), told.code(), told.message(), told.kind(), told.seconds(), told.attempts()));
            }
        }
        long committed =
                volumes.values().stream().mapToLong(VolumeReport::sizeBytes).sum();
        return new HostReport(
                id(),
                1,
                number,
                spec.generation(),
                "boot-1",
                0,
                List.of(new PoolReport(POOL, "directory", room * VOLUME, committed, room * VOLUME - committed)),
                List.copyOf(volumes.values()),
                List.copyOf(workloads.values()),
                exports,
                incoming,
                failures,
                unreadable ? null : retiredCopies(),
                capabilities);
    }

    private List<RetiredCopyReport> retiredCopies() {
        return volumes.values().stream()
                .filter(copy -> copy.role() == VolumeRole.RETIRED)
                .map(copy -> new RetiredCopyReport(
                        copy.volume(), copy.pool(), copy.epoch(), copy.sizeBytes(), copy.allocatedBytes(), null))
                .toList();
    }

    private void outgoing(Outgoing part, List<ExportReport> exports) {
        part.volumes().forEach(out -> {
            VolumeReport now = volumes.get(out.volume());
            if (now == null) {
                return;
            }
            switch (part.goal()) {
                case OFFERED -> {}
                case FROZEN -> volumes.put(out.volume(), volume(out.volume(), now.epoch(), VolumeRole.FROZEN, false));
                case RESTORED -> volumes.put(out.volume(), volume(out.volume(), now.epoch(), VolumeRole.OWNED, true));
                case RELEASED ->
                    volumes.put(out.volume(), volume(out.volume(), now.epoch(), VolumeRole.RETIRED, false));
            }
            if (part.goal() == OutgoingGoal.OFFERED || part.goal() == OutgoingGoal.FROZEN) {
                exports.add(new ExportReport(
                        part.migration(),
                        out.volume(),
                        out.access().target(),
                        part.goal() == OutgoingGoal.FROZEN,
                        1,
                        0));
            }
        });
        WorkloadReport workload = part.workload() == null ? null : workloads.get(part.workload());
        if (workload != null) {
            switch (part.goal()) {
                case OFFERED -> {}
                case FROZEN -> put(workload, WorkloadStatus.STOPPED, true);
                case RESTORED -> put(workload, WorkloadStatus.RUNNING, false);
                case RELEASED -> workloads.remove(part.workload());
            }
        }
    }

    private void put(WorkloadReport workload, WorkloadStatus status, boolean held) {
        workloads.put(
                workload.definition().id(), new WorkloadReport(workload.definition(), status, workload.epoch(), held));
    }

    private void incoming(Incoming part, List<IncomingVolumeReport> reports) {
        IncomingGoal limit = stuckBefore;
        if (part.goal() == IncomingGoal.DISCARDED) {
            part.volumes().forEach(in -> volumes.remove(in.volume()));
            return;
        }
        IncomingGoal reached = limit != null && part.goal().compareTo(limit) >= 0 ? before(limit) : part.goal();
        boolean nothing = limit == IncomingGoal.PREPARED;
        boolean runs = reached.compareTo(IncomingGoal.RUNNING) >= 0;
        for (IncomingVolume in : part.volumes()) {
            volumes.put(
                    in.volume(),
                    volume(in.volume(), part.epoch(), runs ? VolumeRole.OWNED : VolumeRole.INCOMING, runs));
            reports.add(incoming(part, in, reached, nothing));
        }
        if (runs && part.workload() != null) {
            workloads.put(
                    part.workload().id(),
                    new WorkloadReport(part.workload(), WorkloadStatus.RUNNING, part.epoch(), false));
        }
    }

    private static IncomingGoal before(IncomingGoal goal) {
        return switch (goal) {
            case PREPARED, CLONED -> IncomingGoal.PREPARED;
            case RUNNING -> IncomingGoal.CLONED;
            case HYDRATED -> IncomingGoal.RUNNING;
            case SETTLED, DISCARDED -> IncomingGoal.HYDRATED;
        };
    }

    private static IncomingVolumeReport incoming(
            Incoming part, IncomingVolume in, IncomingGoal reached, boolean nothing) {
        long regions = VOLUME / REGION;
        boolean settled = reached == IncomingGoal.SETTLED;
        boolean cloned = reached != IncomingGoal.PREPARED;
        boolean whole = reached.compareTo(IncomingGoal.HYDRATED) >= 0;
        IncomingStage stage = nothing
                ? IncomingStage.CREATED
                : settled ? IncomingStage.LINEAR : cloned ? IncomingStage.CLONED : IncomingStage.ATTACHED;
        return new IncomingVolumeReport(
                part.migration(),
                in.volume(),
                part.epoch(),
                stage,
                nothing || settled ? null : new AttachmentReport(in.access().target(), in.portal(), true, 1),
                cloned && !settled
                        ? new HydrationReport(
                                REGION,
                                regions,
                                whole ? regions : regions / 2,
                                0,
                                VOLUME / 2,
                                VOLUME / 2,
                                0,
                                1000,
                                !whole)
                        : null,
                settled ? new VerificationReport(regions / 2, 0, regions / 2, 0) : null);
    }

    /** What it keeps of volumes that moved away. */
    synchronized List<String> retired() {
        return volumes.values().stream()
                .filter(copy -> copy.role() == VolumeRole.RETIRED)
                .map(copy -> copy.volume().value())
                .toList();
    }

    /** Posts one report and takes up what comes back. */
    HostSpec sync() {
        RestCaller.Reply reply = agent().post(AgentApi.SYNC, report());
        if (reply.status() != 200) {
            throw new IllegalStateException("sync answered " + reply);
        }
        HostSpec next = caller.json().treeToValue(reply.body(), HostSpec.class);
        synchronized (this) {
            if (next.generation() >= spec.generation()) {
                spec = next;
            }
        }
        return next;
    }

    synchronized HostSpec spec() {
        return spec;
    }

    /** Goes on by itself from here. */
    FakeHost live() {
        running = Thread.ofVirtual().name("fake-" + name).start(() -> {
            while (!closed) {
                try {
                    sync();
                } catch (IllegalStateException e) {
                    if (!closed) {
                        throw e;
                    }
                }
            }
        });
        return this;
    }

    @Override
    public void close() {
        closed = true;
        if (running != null) {
            running.interrupt();
        }
    }
}
