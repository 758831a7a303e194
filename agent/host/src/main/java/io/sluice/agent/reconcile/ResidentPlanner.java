package io.sluice.agent.reconcile;

import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.RetiredCopy;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkloadStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is due on a host whatever its spec says: disks of owned volumes are served, workloads start that may, clones of
 * whole volumes go, retired copies are deleted when their time is over or their
 * deletion is asked for.
 */
final class ResidentPlanner {
    private final HostSpec spec;
    private final HostState state;
    private final Map<VolumeId, Lane> lanes;
    private final Set<VolumeId> leaving;
    private final List<HostAction> actions = new ArrayList<>();

    ResidentPlanner(HostSpec spec, HostState state, Map<VolumeId, Lane> lanes, Set<VolumeId> leaving) {
        this.spec = spec;
        this.state = state;
        this.lanes = lanes;
        this.leaving = leaving;
    }

    List<HostAction> plan() {
        for (WorkloadState workload : state.workloads()) {
            if (!isLeaving(workload) && !workload.held()) {
                Lane lane = laneOf(workload);
                boolean served = serve(workload, lane);
                if (served) {
                    start(workload, lane);
                }
            }
        }
        withdrawStrangers();
        dropSettled();
        deleteRetired();
        return actions;
    }

    private boolean isLeaving(WorkloadState workload) {
        return workload.definition().volumes().stream().anyMatch(leaving::contains)
                || spec.outgoing().stream()
                        .anyMatch(part -> workload.id().equals(part.workload())
                                && switch (part.goal()) {
                                    case FROZEN, RELEASED -> true;
                                    case OFFERED, RESTORED -> false;
                                });
    }

    private Lane laneOf(WorkloadState workload) {
        for (VolumeId volume : workload.definition().volumes()) {
            Lane lane = lanes.get(volume);
            if (lane != null) {
                return lane.resident();
            }
        }
        return Lane.of(workload.id());
    }

    /** Returns whether every volume of the workload is served, or is being served by what was planned so far. */
    private boolean serve(WorkloadState workload, Lane lane) {
        boolean all = true;
        for (VolumeId volume : workload.definition().volumes()) {
            DiskBacking backing = backingOf(volume);
            DiskState disk = state.diskOf(volume);
            if (backing == null) {
                all = false;
            } else if (disk == null || disk.backing() != backing) {
                actions.add(new HostAction.ServeDisk(lane, volume, backing));
                all = false;
            }
        }
        return all;
    }

    /** Null when the volume may not be served now. */
    private @Nullable DiskBacking backingOf(VolumeId volume) {
        VolumeState found = state.current(volume);
        if (found == null || found.role() != VolumeRole.OWNED || !found.writable()) {
            return null;
        }
        if (found.standing().whole()) {
            return DiskBacking.PLAIN;
        }
        CloneState clone = state.cloneOf(volume);
        return clone != null && clone.up() ? DiskBacking.CLONE : null;
    }

    private void start(WorkloadState workload, Lane lane) {
        boolean running = workload.status() == WorkloadStatus.RUNNING;
        boolean wanted = switch (workload.autostart()) {
            case Autostart.Held held -> false;
            case Autostart.Due() -> {
                if (running) {
                    actions.add(new HostAction.SetAutostart(lane, workload.id(), new Autostart.On()));
                }
                yield !running;
            }
            case Autostart.On() -> workload.fresh() && workload.status() == WorkloadStatus.STOPPED;
        };
        if (wanted) {
            List<DiskState> disks = new ArrayList<>();
            for (VolumeId volume : workload.definition().volumes()) {
                DiskState disk = state.diskOf(volume);
                if (disk != null) {
                    disks.add(disk);
                }
            }
            actions.add(new HostAction.StartWorkload(lane, workload.id(), state.epochOf(workload.definition()), disks));
        }
    }

    /** A disk without a declared workload, or whose volume is not owned any more. */
    private void withdrawStrangers() {
        for (DiskState disk : state.disks()) {
            VolumeState found = state.current(disk.volume());
            boolean owned = found != null && found.role() == VolumeRole.OWNED;
            if (!owned || state.ownerOf(disk.volume()) == null) {
                actions.add(new HostAction.WithdrawDisk(laneOf(disk.volume()), disk.volume()));
            }
        }
    }

    private void dropSettled() {
        for (CloneState clone : state.clones()) {
            VolumeState found = state.current(clone.volume());
            DiskState disk = state.diskOf(clone.volume());
            boolean whole = found != null && found.standing().whole();
            if (whole && (disk == null || disk.backing() == DiskBacking.PLAIN)) {
                actions.add(new HostAction.DropClone(laneOf(clone.volume()), clone.volume()));
            }
        }
    }

    private void deleteRetired() {
        for (VolumeState volume : state.volumes()) {
            Instant until = volume.standing().keepUntil();
            boolean over = until == null || !until.isAfter(state.now()) || isToBeDeleted(volume);
            if (volume.role() == VolumeRole.RETIRED && over) {
                actions.add(new HostAction.DeleteVolume(
                        laneOf(volume.volume()),
                        volume.volume(),
                        volume.standing().epoch()));
            }
        }
    }

    private boolean isToBeDeleted(VolumeState volume) {
        return spec.deletions()
                .contains(new RetiredCopy(volume.volume(), volume.standing().epoch()));
    }

    private Lane laneOf(VolumeId volume) {
        return lanes.getOrDefault(volume, Lane.of(volume)).resident();
    }
}
