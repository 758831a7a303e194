package io.sluice.agent.reconcile;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.Incoming;
import io.sluice.agent.api.IncomingGoal;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.IncomingVolume;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkloadDefinition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The destination's part of one migration. A volume becomes {@code OWNED} only for {@link IncomingGoal#RUNNING} or later;
 * it stays not whole, thus served through its clone alone, until every byte was verified.
 */
final class IncomingPlanner {
    private final Incoming part;
    private final HostState state;
    private final Lane lane;
    private final List<HostAction> actions = new ArrayList<>();

    private IncomingPlanner(Incoming part, HostState state) {
        this.part = part;
        this.state = state;
        this.lane = Lane.of(part);
    }

    static List<HostAction> plan(Incoming part, HostState state) {
        IncomingPlanner planner = new IncomingPlanner(part, state);
        switch (part.goal()) {
            case PREPARED -> planner.prepare();
            case CLONED -> {
                planner.prepare();
                planner.raise();
            }
            case RUNNING -> {
                planner.prepare();
                planner.raise();
                planner.own();
            }
            case HYDRATED -> {
                planner.prepare();
                planner.raise();
                planner.own();
                planner.hydrate();
            }
            case SETTLED -> {
                planner.prepare();
                planner.raise();
                planner.own();
                planner.hydrate();
                planner.settle();
            }
            case DISCARDED -> planner.discard();
        }
        return List.copyOf(planner.actions);
    }

    private void prepare() {
        for (IncomingVolume volume : part.volumes()) {
            VolumeState found = state.current(volume.volume());
            if (found == null) {
                create(volume);
                attach(volume);
            } else if (isFromEarlierAttempt(found)) {
                discard(found);
                create(volume);
                attach(volume);
            } else if (!isOurs(found)) {
                refuse(
                        "VOLUME_EXISTS",
                        FailureKind.ABORT,
                        "this host has a copy of volume " + volume.volume() + " of its own, role " + found.role()
                                + ", epoch " + found.standing().epoch() + ": it is left alone; choose another host");
            } else if (found.sizeBytes() != volume.sizeBytes()) {
                refuse(
                        "SIZE_DIFFERS",
                        FailureKind.ABORT,
                        "volume " + volume.volume() + " has " + found.sizeBytes() + " bytes here but must have "
                                + volume.sizeBytes() + ": abort the migration, so that it is made anew");
            } else if (!found.standing().whole() && !isAttached(volume.volume())) {
                attach(volume);
            }
        }
    }

    private boolean isOurs(VolumeState found) {
        return found.standing().epoch() == part.epoch()
                && (found.role() == VolumeRole.INCOMING || (found.role() == VolumeRole.OWNED && isStarted()));
    }

    /** Never started, so never anyone's newest copy: what an earlier migration left may go. */
    private boolean isFromEarlierAttempt(VolumeState found) {
        return found.role() == VolumeRole.INCOMING && found.standing().epoch() < part.epoch();
    }

    private boolean isStarted() {
        return switch (part.goal()) {
            case PREPARED, CLONED, DISCARDED -> false;
            case RUNNING, HYDRATED, SETTLED -> true;
        };
    }

    private boolean isAttached(VolumeId volume) {
        CloneState clone = state.cloneOf(volume);
        return clone != null && clone.stage() != IncomingStage.CREATED;
    }

    private boolean isWhole(VolumeId volume) {
        VolumeState found = state.current(volume);
        return found != null && found.standing().whole();
    }

    private void create(IncomingVolume volume) {
        actions.add(new HostAction.CreateVolume(
                lane,
                new NewVolume(
                        volume.volume(),
                        volume.pool(),
                        volume.sizeBytes(),
                        volume.blockBytes(),
                        part.migration(),
                        part.epoch())));
    }

    private void attach(IncomingVolume volume) {
        actions.add(new HostAction.AttachSource(lane, order(volume)));
    }

    private CloneOrder order(IncomingVolume volume) {
        return new CloneOrder(part.migration(), part.epoch(), volume);
    }

    private void raise() {
        for (IncomingVolume volume : part.volumes()) {
            CloneState clone = state.cloneOf(volume.volume());
            if (!isWhole(volume.volume()) && (clone == null || !clone.up())) {
                actions.add(new HostAction.RaiseClone(lane, order(volume)));
            }
        }
    }

    /** From here the copy is the newest. Its disk is served and its workload started as any resident's. */
    private void own() {
        for (IncomingVolume volume : part.volumes()) {
            VolumeState found = state.current(volume.volume());
            if (found == null || found.role() == VolumeRole.INCOMING) {
                Standing incoming =
                        found == null ? Standing.incoming(part.migration(), part.epoch()) : found.standing();
                actions.add(new HostAction.ChangeVolume(lane, volume.volume(), incoming.owned()));
            }
        }
        WorkloadDefinition workload = part.workload();
        if (workload == null) {
            return;
        }
        WorkloadState declared = state.workload(workload.id());
        boolean heldByAnEarlierOne = declared != null
                && declared.autostart() instanceof Autostart.Held held
                && !held.by().equals(part.migration());
        if (declared == null || heldByAnEarlierOne) {
            actions.add(new HostAction.DeclareWorkload(lane, workload, new Autostart.Due()));
        }
    }

    /** Orders come first: copying may go on in spite of a problem, and has to keep to its ceiling. */
    private void hydrate() {
        List<CloneProblem> problems = new ArrayList<>();
        for (IncomingVolume volume : part.volumes()) {
            CloneState clone = state.cloneOf(volume.volume());
            HydrationOrder inForce = clone == null ? null : clone.order();
            boolean needed = !isWhole(volume.volume()) && (clone == null || !clone.complete());
            CloneProblem problem = clone == null ? null : clone.problem();
            if (needed && !volume.hydration().equals(inForce)) {
                actions.add(new HostAction.Hydrate(lane, volume.volume(), volume.hydration()));
            }
            if (needed && problem != null) {
                problems.add(problem);
            }
        }
        problems.forEach(problem -> refuse(problem.code(), problem.kind(), problem.message()));
    }

    private void settle() {
        for (IncomingVolume volume : part.volumes()) {
            VolumeState found = state.current(volume.volume());
            CloneState clone = state.cloneOf(volume.volume());
            if (found == null || found.standing().whole() || clone == null || !clone.complete()) {
                continue;
            }
            VerificationReport outcome = clone.verification();
            if (outcome == null) {
                actions.add(new HostAction.VerifyClone(lane, volume.volume()));
            } else if (outcome.mismatchedRegions() > 0) {
                refuse(
                        "VERIFICATION_MISMATCH",
                        FailureKind.OPERATOR,
                        "volume " + volume.volume() + ": " + outcome.mismatchedRegions()
                                + " regions differ from what the source sent; both copies are kept: compare them");
            } else {
                actions.add(new HostAction.ChangeVolume(
                        lane, volume.volume(), found.standing().settled(outcome)));
            }
        }
    }

    private void discard() {
        for (IncomingVolume volume : part.volumes()) {
            VolumeState found = state.current(volume.volume());
            if (found != null
                    && found.role() == VolumeRole.OWNED
                    && found.standing().epoch() == part.epoch()) {
                refuse(
                        "VOLUME_OWNED",
                        FailureKind.OPERATOR,
                        "volume " + volume.volume()
                                + " is owned here and holds the newest data: it is never discarded");
            } else if (found != null && found.role() == VolumeRole.INCOMING) {
                discard(found);
            } else if (found == null && isOfThisMigration(state.cloneOf(volume.volume()))) {
                dropCloneOf(volume.volume());
            }
            // Any other copy is none of ours, and may still need the clone device it is served through.
        }
    }

    private boolean isOfThisMigration(@Nullable CloneState clone) {
        return clone != null && clone.migration().equals(part.migration());
    }

    private void discard(VolumeState found) {
        dropCloneOf(found.volume());
        actions.add(new HostAction.DeleteVolume(
                lane, found.volume(), found.standing().epoch()));
    }

    private void dropCloneOf(VolumeId volume) {
        if (state.cloneOf(volume) != null) {
            actions.add(new HostAction.DropClone(lane, volume));
        }
    }

    private void refuse(String code, FailureKind kind, String message) {
        actions.add(new HostAction.Refuse(lane, code, kind, message));
    }
}
