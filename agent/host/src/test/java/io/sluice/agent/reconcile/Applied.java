package io.sluice.agent.reconcile;

import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkloadStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What a host is like after an action that did all it says: the table's host, a value like the planner's own. */
final class Applied {
    static final HydrationReport NOTHING_YET = new HydrationReport(4096, 16, 0, 0, 0, 0, 0, 0, false);
    static final HydrationReport ALL = new HydrationReport(4096, 16, 16, 0, 65536, 0, 0, 0, false);
    static final VerificationReport RIGHT = new VerificationReport(16, 0, 0, 0);

    private Applied() {}

    static HostState to(HostState state, HostAction action) {
        return switch (action) {
            case HostAction.CreateVolume a ->
                volumes(
                        state,
                        v -> isCurrent(v, a.volume().volume()),
                        List.of(new VolumeState(
                                a.volume().volume(),
                                a.volume().pool(),
                                a.volume().sizeBytes(),
                                a.volume().blockBytes(),
                                0L,
                                true,
                                Standing.incoming(
                                        a.volume().migration(), a.volume().epoch()))));
            case HostAction.ChangeVolume a -> {
                VolumeState found = state.current(a.volume());
                yield found == null
                        ? state
                        : volumes(state, v -> isCurrent(v, a.volume()), List.of(changed(found, a.standing())));
            }
            case HostAction.DeleteVolume a ->
                volumes(
                        state,
                        v -> v.volume().equals(a.volume()) && v.standing().epoch() == a.epoch(),
                        List.of());
            case HostAction.OpenExport a ->
                exports(
                        state,
                        e -> e.order().volume().equals(a.order().volume()),
                        List.of(new ExportState(a.order(), 0, 0)));
            case HostAction.CloseExport a ->
                exports(state, e -> e.order().volume().equals(a.volume()), List.of());
            case HostAction.AttachSource a ->
                clones(
                        state,
                        new CloneState(
                                a.order().migration(),
                                a.order().volume().volume(),
                                IncomingStage.ATTACHED,
                                null,
                                null,
                                null,
                                null));
            case HostAction.RaiseClone a ->
                clones(
                        state,
                        new CloneState(
                                a.order().migration(),
                                a.order().volume().volume(),
                                IncomingStage.CLONED,
                                null,
                                NOTHING_YET,
                                null,
                                null));
            case HostAction.Hydrate a -> {
                CloneState c = state.cloneOf(a.volume());
                yield c == null
                        ? state
                        : clones(
                                state,
                                new CloneState(
                                        c.migration(), c.volume(), c.stage(), null, ALL, a.order(), c.verification()));
            }
            case HostAction.VerifyClone a -> {
                CloneState c = state.cloneOf(a.volume());
                yield c == null
                        ? state
                        : clones(
                                state,
                                new CloneState(
                                        c.migration(), c.volume(), c.stage(), null, c.hydration(), c.order(), RIGHT));
            }
            case HostAction.DropClone a ->
                new HostState(
                        state.now(),
                        state.pools(),
                        state.volumes(),
                        state.workloads(),
                        state.exports(),
                        List.of(),
                        state.disks(),
                        state.problems(),
                        state.allCopiesSeen());
            case HostAction.ServeDisk a ->
                disks(state, List.of(new DiskState(a.volume(), a.backing(), "iscsi://h:1/t/0", "u", Path.of("s"))));
            case HostAction.WithdrawDisk a -> disks(state, List.of());
            case HostAction.DeclareWorkload a ->
                workloads(
                        state, List.of(new WorkloadState(a.definition(), WorkloadStatus.STOPPED, a.autostart(), true)));
            case HostAction.RemoveWorkload a -> workloads(state, List.of());
            case HostAction.SetAutostart a -> {
                WorkloadState w = state.workload(a.workload());
                yield w == null
                        ? state
                        : workloads(
                                state,
                                List.of(new WorkloadState(w.definition(), w.status(), a.autostart(), w.fresh())));
            }
            case HostAction.StopWorkload a -> {
                WorkloadState w = state.workload(a.workload());
                yield w == null
                        ? state
                        : workloads(
                                state,
                                List.of(new WorkloadState(
                                        w.definition(), WorkloadStatus.STOPPED, w.autostart(), false)));
            }
            case HostAction.StartWorkload a -> {
                WorkloadState w = state.workload(a.workload());
                yield w == null
                        ? state
                        : workloads(
                                state,
                                List.of(new WorkloadState(
                                        w.definition(), WorkloadStatus.RUNNING, w.autostart(), false)));
            }
            case HostAction.Refuse refusal -> throw new AssertionError("a refusal is not run: " + refusal);
        };
    }

    private static boolean isCurrent(VolumeState v, VolumeId volume) {
        return v.volume().equals(volume) && v.role() != VolumeRole.RETIRED;
    }

    /** As the pools do it: frozen and retired copies are read-only, all others writable. */
    private static VolumeState changed(VolumeState v, Standing standing) {
        boolean writable = standing.role() == VolumeRole.OWNED || standing.role() == VolumeRole.INCOMING;
        return new VolumeState(
                v.volume(), v.pool(), v.sizeBytes(), v.blockBytes(), v.allocatedBytes(), writable, standing);
    }

    private static <T> List<T> replaced(List<T> all, Predicate<T> gone, List<T> come) {
        List<T> left = new ArrayList<>(all);
        left.removeIf(gone);
        left.addAll(come);
        return left;
    }

    private static HostState volumes(HostState s, Predicate<VolumeState> gone, List<VolumeState> come) {
        return new HostState(
                s.now(),
                s.pools(),
                replaced(s.volumes(), gone, come),
                s.workloads(),
                s.exports(),
                s.clones(),
                s.disks(),
                s.problems(),
                s.allCopiesSeen());
    }

    private static HostState exports(HostState s, Predicate<ExportState> gone, List<ExportState> come) {
        return new HostState(
                s.now(),
                s.pools(),
                s.volumes(),
                s.workloads(),
                replaced(s.exports(), gone, come),
                s.clones(),
                s.disks(),
                s.problems(),
                s.allCopiesSeen());
    }

    private static HostState clones(HostState s, CloneState clone) {
        return new HostState(
                s.now(),
                s.pools(),
                s.volumes(),
                s.workloads(),
                s.exports(),
                List.of(clone),
                s.disks(),
                s.problems(),
                s.allCopiesSeen());
    }

    private static HostState disks(HostState s, List<DiskState> disks) {
        return new HostState(
                s.now(),
                s.pools(),
                s.volumes(),
                s.workloads(),
                s.exports(),
                s.clones(),
                disks,
                s.problems(),
                s.allCopiesSeen());
    }

    private static HostState workloads(HostState s, List<WorkloadState> workloads) {
        return new HostState(
                s.now(),
                s.pools(),
                s.volumes(),
                workloads,
                s.exports(),
                s.clones(),
                s.disks(),
                s.problems(),
                s.allCopiesSeen());
    }
}
