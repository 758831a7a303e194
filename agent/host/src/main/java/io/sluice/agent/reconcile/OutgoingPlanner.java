package io.sluice.agent.reconcile;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.Outgoing;
import io.sluice.agent.api.OutgoingVolume;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The source's part of one migration. The order is what keeps data: hold, stop, withdraw, freeze, and only then frozen exports. */
final class OutgoingPlanner {

    /** @param leaving true when the part's workload and volumes are not to be served or started here any more */
    record Plan(List<HostAction> actions, boolean leaving) {}

    private final Outgoing part;
    private final HostState state;
    private final Lane lane;
    private final List<HostAction> actions = new ArrayList<>();

    private OutgoingPlanner(Outgoing part, HostState state) {
        this.part = part;
        this.state = state;
        this.lane = Lane.of(part);
    }

    static Plan plan(Outgoing part, HostState state) {
        OutgoingPlanner planner = new OutgoingPlanner(part, state);
        boolean leaving = switch (part.goal()) {
            case OFFERED -> {
                planner.offer();
                yield false;
            }
            case FROZEN -> {
                planner.offer();
                planner.freeze();
                yield true;
            }
            case RELEASED -> {
                planner.freeze();
                planner.release();
                yield true;
            }
            case RESTORED -> {
                planner.restore();
                yield false;
            }
        };
        return new Plan(List.copyOf(planner.actions), leaving);
    }

    /** Whether nothing of the migration is to be served any more. */
    static boolean isOver(Outgoing part) {
        return switch (part.goal()) {
            case RELEASED, RESTORED -> true;
            case OFFERED, FROZEN -> false;
        };
    }

    /** All that is left to do of a migration whose volumes a newer one has taken up: what it served is its own. */
    static List<HostAction> closing(Outgoing part, HostState state) {
        OutgoingPlanner planner = new OutgoingPlanner(part, state);
        planner.closeExports();
        return List.copyOf(planner.actions);
    }

    private void offer() {
        for (OutgoingVolume volume : part.volumes()) {
            VolumeState found = state.current(volume.volume());
            if (found == null || found.role() == VolumeRole.INCOMING) {
                refuse("VOLUME_MISSING", FailureKind.ABORT, "volume " + volume.volume() + " is not on this host");
            } else if (!found.standing().whole()) {
                refuse(
                        "VOLUME_NOT_WHOLE",
                        FailureKind.ABORT,
                        "volume " + volume.volume() + " still needs bytes of the host it came from");
            } else {
                fence(found);
                offer(volume, found);
            }
        }
    }

    private void fence(VolumeState found) {
        if (found.standing().fence() < part.epoch()) {
            actions.add(new HostAction.ChangeVolume(
                    lane, found.volume(), found.standing().fenced(part.epoch())));
        }
    }

    /** Opens the export; its frozen flag follows the volume, so that it is never claimed before it is so. */
    private void offer(OutgoingVolume volume, VolumeState found) {
        boolean frozen = found.role() == VolumeRole.FROZEN && !found.writable();
        ExportOrder order = new ExportOrder(part.migration(), volume.volume(), volume.access(), frozen);
        ExportState open = state.export(part.migration(), volume.volume());
        if (open == null || !open.order().equals(order)) {
            actions.add(new HostAction.OpenExport(lane, order));
        }
    }

    private void freeze() {
        List<VolumeState> thawed = thawedVolumes();
        WorkloadId workload = part.workload();
        if (workload != null && !stop(workload, thawed)) {
            return;
        }
        for (VolumeState volume : thawed) {
            WorkloadState owner = state.ownerOf(volume.volume());
            if (owner != null && workload == null) {
                refuse(
                        "VOLUME_IN_USE",
                        FailureKind.ABORT,
                        "volume " + volume.volume() + " moves alone but belongs to workload " + owner.id());
                return;
            }
            if (state.diskOf(volume.volume()) != null) {
                actions.add(new HostAction.WithdrawDisk(lane, volume.volume()));
            }
            actions.add(new HostAction.ChangeVolume(
                    lane,
                    volume.volume(),
                    volume.standing().fenced(part.epoch()).frozen(part.migration())));
        }
    }

    private List<VolumeState> thawedVolumes() {
        List<VolumeState> thawed = new ArrayList<>();
        for (OutgoingVolume volume : part.volumes()) {
            VolumeState found = state.current(volume.volume());
            boolean thaw = found != null
                    && (found.role() == VolumeRole.OWNED
                            || (found.role() == VolumeRole.FROZEN
                                    && (found.writable()
                                            || !part.migration()
                                                    .equals(found.standing().migration()))));
            if (thaw) {
                thawed.add(found);
            }
        }
        return thawed;
    }

    /** Held first, so that a crash or reboot between the two cannot bring it back. Returns false when it cannot be. */
    private boolean stop(WorkloadId workload, List<VolumeState> thawed) {
        WorkloadState found = state.workload(workload);
        if (found == null) {
            if (thawed.isEmpty()) {
                return true;
            }
            refuse(
                    "WORKLOAD_UNKNOWN",
                    FailureKind.OPERATOR,
                    "workload " + workload + " is not declared on this host, so it cannot be known to be stopped: "
                            + "put its file back into workloads.d, or abort the migration");
            return false;
        }
        switch (found.autostart()) {
            case Autostart.Held held -> {
                if (!held.by().equals(part.migration())) {
                    hold(workload, held.ranBefore());
                }
            }
            // A fresh one that is stopped was taken down by a reboot, and would be started now but for this.
            case Autostart.On() -> hold(workload, found.status() != WorkloadStatus.STOPPED || found.fresh());
            case Autostart.Due() -> hold(workload, true);
        }
        if (found.status() != WorkloadStatus.STOPPED) {
            actions.add(new HostAction.StopWorkload(lane, workload));
        }
        return true;
    }

    private void hold(WorkloadId workload, boolean ranBefore) {
        actions.add(new HostAction.SetAutostart(lane, workload, new Autostart.Held(part.migration(), ranBefore)));
    }

    /** Reached with everything frozen or on the way to it; a volume that is gone was retired and deleted before. */
    private void release() {
        closeExports();
        WorkloadId workload = part.workload();
        if (workload != null && state.workload(workload) != null) {
            actions.add(new HostAction.RemoveWorkload(lane, workload));
        }
        for (OutgoingVolume volume : part.volumes()) {
            VolumeState found = state.current(volume.volume());
            if (found != null && found.role() != VolumeRole.INCOMING) {
                actions.add(new HostAction.ChangeVolume(
                        lane,
                        volume.volume(),
                        found.standing()
                                .fenced(part.epoch())
                                .retired(
                                        part.migration(), state.now().plus(Duration.ofSeconds(part.retainSeconds())))));
            }
        }
    }

    private void restore() {
        closeExports();
        for (OutgoingVolume volume : part.volumes()) {
            VolumeState found = state.current(volume.volume());
            if (found == null) {
                continue;
            }
            boolean frozen = found.role() == VolumeRole.FROZEN;
            if (frozen || (found.role() == VolumeRole.OWNED && !found.writable())) {
                actions.add(new HostAction.ChangeVolume(
                        lane,
                        volume.volume(),
                        found.standing().fenced(part.epoch()).owned()));
            } else {
                fence(found);
            }
        }
        WorkloadState workload = part.workload() == null ? null : state.workload(part.workload());
        if (workload != null && workload.autostart() instanceof Autostart.Held held) {
            Autostart then = held.ranBefore() ? new Autostart.Due() : new Autostart.On();
            actions.add(new HostAction.SetAutostart(lane, workload.id(), then));
        }
    }

    private void closeExports() {
        for (OutgoingVolume volume : part.volumes()) {
            if (state.export(part.migration(), volume.volume()) != null) {
                actions.add(new HostAction.CloseExport(lane, part.migration(), volume.volume()));
            }
        }
    }

    private void refuse(String code, FailureKind kind, String message) {
        actions.add(new HostAction.Refuse(lane, code, kind, message));
    }
}
