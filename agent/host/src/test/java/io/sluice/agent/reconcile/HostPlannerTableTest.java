package io.sluice.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingGoal;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.OutgoingGoal;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every goal against every state a host with one volume and its workload can be found in, from there on until nothing is left
 * to do. Goals come from the enums: a new one does not compile until it is said here what reaching it means.
 */
class HostPlannerTableTest {
    private static final WorkerId WORKER = new WorkerId("w");
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Move MOVE = Move.of("m1", 5);
    private static final Move OTHER = Move.of("m0", 4);
    private static final VerificationReport WRONG = new VerificationReport(15, 0, 0, 1);

    /** Longer than the longest way from anywhere to any goal. */
    private static final int MOST_STEPS = 40;

    @ParameterizedTest
    @EnumSource
    void theSourceReachesItsGoalSafelyFromEverywhere(OutgoingGoal goal) {
        fromEverywhere(
                Move.spec(WORKER, 1, MOVE.outgoing(goal, 0)),
                everyState(everyExport(), everyCloneOfResidents()),
                state -> isReached(goal, state));
    }

    @ParameterizedTest
    @EnumSource
    void theDestinationReachesItsGoalSafelyFromEverywhere(IncomingGoal goal) {
        fromEverywhere(
                Move.spec(WORKER, 1, MOVE.incoming(goal)),
                everyState(List.of(List.of()), everyClone()),
                state -> isReached(goal, state));
    }

    private static boolean isReached(OutgoingGoal goal, HostState state) {
        VolumeState volume = state.current(Move.V1);
        ExportState export = state.export(MOVE.migration(), Move.V1);
        WorkloadState workload = state.workload(Move.DB);
        return switch (goal) {
            case OFFERED ->
                volume != null && export != null && volume.standing().fence() >= MOVE.epoch();
            case FROZEN ->
                volume != null
                        && volume.role() == VolumeRole.FROZEN
                        && !volume.writable()
                        && export != null
                        && export.order().frozen()
                        && state.diskOf(Move.V1) == null
                        && (workload == null || (workload.held() && workload.status() == WorkloadStatus.STOPPED));
            case RELEASED ->
                export == null && workload == null && (volume == null || volume.role() == VolumeRole.INCOMING);
            case RESTORED ->
                export == null
                        && (volume == null
                                || volume.role() == VolumeRole.INCOMING
                                || (volume.role() == VolumeRole.OWNED && volume.writable()))
                        && (workload == null || !workload.held());
        };
    }

    private static boolean isReached(IncomingGoal goal, HostState state) {
        VolumeState volume = state.current(Move.V1);
        CloneState clone = state.cloneOf(Move.V1);
        boolean attached = clone != null && clone.stage() != IncomingStage.CREATED;
        boolean cloned = clone != null && clone.up();
        boolean whole = volume != null && volume.standing().whole();
        boolean owned = volume != null && volume.role() == VolumeRole.OWNED;
        return switch (goal) {
            case PREPARED -> volume != null && (whole || attached);
            case CLONED -> volume != null && (whole || cloned);
            case RUNNING -> owned && (whole || cloned) && state.workload(Move.DB) != null;
            // Copying takes its time: ordered is all that the planner can do.
            case HYDRATED -> owned && (whole || (clone != null && (clone.complete() || clone.order() != null)));
            case SETTLED -> owned && (whole || (clone != null && !clone.complete()));
            case DISCARDED -> volume == null || volume.role() != VolumeRole.INCOMING;
        };
    }

    /** Lanes are free of each other: the way is gone with the first possible action each time, and with the last. */
    private static void fromEverywhere(HostSpec spec, List<HostState> starts, Predicate<HostState> reached) {
        for (boolean firstFirst : new boolean[] {true, false}) {
            Set<HostState> known = new HashSet<>();
            int arrivals = 0;
            for (HostState start : starts) {
                arrivals += arrives(spec, start, reached, firstFirst, known) ? 1 : 0;
            }
            assertThat(arrivals).as("ways that end at the goal").isPositive();
        }
    }

    /** True when this way ends at the goal itself, not in a refusal nor on a way gone before. */
    private static boolean arrives(
            HostSpec spec, HostState start, Predicate<HostState> reached, boolean firstFirst, Set<HostState> known) {
        HostState state = start;
        List<HostAction> plan = HostPlanner.plan(spec, state);
        for (int step = 0; step < MOST_STEPS; step++) {
            if (!known.add(state)) {
                return false;
            }
            List<HostAction> certain = firstOfEachTrack(plan);
            for (HostAction action : certain) {
                String wrong = unsafe(action, state, spec);
                if (wrong != null) {
                    throw new AssertionError(wrong + "\naction " + action + "\nin " + state + "\nfor " + spec);
                }
            }
            List<HostAction> possible = certain.stream()
                    .filter(action -> !(action instanceof HostAction.Refuse))
                    .toList();
            if (possible.isEmpty()) {
                if (certain.isEmpty() && !reached.test(state)) {
                    throw new AssertionError(
                            "nothing to do, but not there\nin " + state + "\nfrom " + start + "\nfor " + spec);
                }
                return certain.isEmpty();
            }
            HostAction next = firstFirst ? possible.getFirst() : possible.getLast();
            HostState after = Applied.to(state, next);
            List<HostAction> planAfter = HostPlanner.plan(spec, after);
            if (firstOfEachTrack(planAfter).contains(next)) {
                throw new AssertionError("done, but planned again: " + next + "\nin " + state + "\nfor " + spec);
            }
            if (!Applied.to(after, next).equals(after)) {
                throw new AssertionError("twice is not as once: " + next + "\nin " + state);
            }
            state = after;
            plan = planAfter;
        }
        throw new AssertionError("it goes on and on\nfrom " + start + "\nfor " + spec);
    }

    private static List<HostAction> firstOfEachTrack(List<HostAction> plan) {
        Set<Lane> seen = new HashSet<>();
        return plan.stream().filter(action -> seen.add(action.lane())).toList();
    }

    /** What must never be done in a state, whatever the goal; null when the action is safe. */
    private static @Nullable String unsafe(HostAction action, HostState state, HostSpec spec) {
        VolumeState volume = state.current(Move.V1);
        WorkloadState workload = state.workload(Move.DB);
        boolean quiet = workload == null || (workload.held() && workload.status() == WorkloadStatus.STOPPED);
        return switch (action) {
            case HostAction.StartWorkload start -> {
                boolean usable = volume != null && volume.role() == VolumeRole.OWNED && volume.writable();
                DiskState disk = state.diskOf(Move.V1);
                boolean served = disk != null
                        && (disk.backing() == DiskBacking.CLONE
                                || (volume != null && volume.standing().whole()));
                boolean leaves = spec.outgoing().stream()
                        .anyMatch(part -> part.goal() == OutgoingGoal.FROZEN || part.goal() == OutgoingGoal.RELEASED);
                yield !usable || !served || leaves || workload == null || workload.held()
                        ? "a workload starts that must not"
                        : null;
            }
            case HostAction.DeleteVolume delete ->
                state.volumes().stream()
                                .anyMatch(v -> v.standing().epoch() == delete.epoch()
                                        && (v.role() == VolumeRole.OWNED || v.role() == VolumeRole.FROZEN))
                        ? "data is deleted that may be the newest"
                        : null;
            case HostAction.OpenExport open ->
                open.order().frozen() && (volume == null || volume.role() != VolumeRole.FROZEN || volume.writable())
                        ? "an export claims to be frozen over a volume that is not"
                        : null;
            case HostAction.ChangeVolume change ->
                switch (change.standing().role()) {
                    case FROZEN ->
                        volume != null
                                        && volume.role() != VolumeRole.FROZEN
                                        && (!quiet || state.diskOf(Move.V1) != null)
                                ? "a volume freezes under its workload"
                                : null;
                    case RETIRED -> workload != null ? "a volume retires under its workload" : null;
                    case OWNED, INCOMING -> null;
                };
            case HostAction.ServeDisk serve ->
                volume == null || volume.role() != VolumeRole.OWNED || !volume.writable()
                        ? "a disk is served that its workload may not write"
                        : serve.backing() == DiskBacking.PLAIN
                                        && !volume.standing().whole()
                                ? "a disk is served that is not whole"
                                : null;
            case HostAction.DropClone drop ->
                volume != null
                                && volume.role() == VolumeRole.OWNED
                                && !volume.standing().whole()
                        ? "a clone is dropped that the newest copy needs"
                        : null;
            case HostAction.CreateVolume create -> volume != null ? "a volume is made where one is" : null;
            case HostAction.RemoveWorkload remove -> !quiet ? "a workload is forgotten that may be running" : null;
            case HostAction.CloseExport all -> null;
            case HostAction.AttachSource all -> null;
            case HostAction.RaiseClone all -> null;
            case HostAction.Hydrate all -> null;
            case HostAction.VerifyClone all -> null;
            case HostAction.WithdrawDisk all -> null;
            case HostAction.DeclareWorkload all -> null;
            case HostAction.SetAutostart all -> null;
            case HostAction.StopWorkload all -> null;
            case HostAction.Refuse all -> null;
        };
    }

    private static List<HostState> everyState(List<List<ExportState>> everyExport, List<List<CloneState>> everyClone) {
        List<HostState> all = new ArrayList<>();
        for (List<VolumeState> volumes : everyVolume()) {
            for (List<WorkloadState> workloads : everyWorkload()) {
                for (List<ExportState> exports : everyExport) {
                    for (List<CloneState> clones : everyClone) {
                        for (List<DiskState> disks : everyDisk()) {
                            all.add(new HostState(
                                    NOW, List.of(), volumes, workloads, exports, clones, disks, List.of(), true));
                        }
                    }
                }
            }
        }
        return all;
    }

    private static List<List<VolumeState>> everyVolume() {
        List<List<VolumeState>> all = new ArrayList<>();
        all.add(List.of());
        for (VolumeRole role : VolumeRole.values()) {
            for (Move by : List.of(OTHER, MOVE)) {
                for (boolean whole : new boolean[] {true, false}) {
                    for (boolean writable : new boolean[] {true, false}) {
                        // A copy retires with the epoch it came with; only its fence knows the migration that took it
                        // away.
                        long epoch = role == VolumeRole.RETIRED ? OTHER.epoch() : by.epoch();
                        Standing standing = new Standing(role, epoch, by.epoch(), by.migration(), whole, null, null);
                        all.add(List.of(new VolumeState(Move.V1, Move.POOL, Move.SIZE, 512, null, writable, standing)));
                    }
                }
            }
        }
        return all;
    }

    private static List<List<WorkloadState>> everyWorkload() {
        List<List<WorkloadState>> all = new ArrayList<>();
        all.add(List.of());
        List<Autostart> starts = List.of(
                new Autostart.On(),
                new Autostart.Due(),
                new Autostart.Held(MOVE.migration(), true),
                new Autostart.Held(OTHER.migration(), true));
        for (WorkloadStatus status : WorkloadStatus.values()) {
            for (Autostart autostart : starts) {
                all.add(List.of(new WorkloadState(Move.DEFINITION, status, autostart, true)));
            }
        }
        return all;
    }

    private static List<List<ExportState>> everyExport() {
        List<List<ExportState>> all = new ArrayList<>();
        all.add(List.of());
        for (boolean frozen : new boolean[] {true, false}) {
            all.add(List.of(new ExportState(new ExportOrder(MOVE.migration(), Move.V1, MOVE.access(), frozen), 0, 0)));
        }
        return all;
    }

    /** A source has no part in cloning: there may be a clone device, up or not, of a volume that came here before. */
    private static List<List<CloneState>> everyCloneOfResidents() {
        return List.of(
                List.of(),
                clone(IncomingStage.CREATED, null, null, null),
                clone(IncomingStage.CLONED, Applied.ALL, HydrationOrder.UNLIMITED, null));
    }

    private static List<List<CloneState>> everyClone() {
        return List.of(
                List.of(),
                clone(IncomingStage.CREATED, null, null, null),
                clone(IncomingStage.ATTACHED, null, null, null),
                clone(IncomingStage.CLONED, Applied.NOTHING_YET, null, null),
                clone(IncomingStage.CLONED, Applied.NOTHING_YET, HydrationOrder.UNLIMITED, null),
                clone(IncomingStage.CLONED, Applied.ALL, HydrationOrder.UNLIMITED, null),
                clone(IncomingStage.CLONED, Applied.ALL, HydrationOrder.UNLIMITED, Applied.RIGHT),
                clone(IncomingStage.CLONED, Applied.ALL, HydrationOrder.UNLIMITED, WRONG));
    }

    private static List<CloneState> clone(
            IncomingStage stage,
            @Nullable HydrationReport hydration,
            @Nullable HydrationOrder order,
            @Nullable VerificationReport verification) {
        return List.of(new CloneState(MOVE.migration(), Move.V1, stage, null, hydration, order, verification));
    }

    private static List<List<DiskState>> everyDisk() {
        List<List<DiskState>> all = new ArrayList<>();
        all.add(List.of());
        for (DiskBacking backing : DiskBacking.values()) {
            all.add(List.of(new DiskState(Move.V1, backing, "iscsi://h:1/t/0", "u", Path.of("s"))));
        }
        return all;
    }
}
