package io.sluice.agent.reconcile;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import java.util.List;

/**
 * One thing to do on the host. Each brings something to a state and changes nothing when it is there already, so that any
 * of them may be run twice.
 */
public sealed interface HostAction {
    Lane lane();

    record CreateVolume(Lane lane, NewVolume volume) implements HostAction {}

    /** Fencing, freezing, thawing, owning, retiring and settling are one: a durable change of standing. */
    record ChangeVolume(Lane lane, VolumeId volume, Standing standing) implements HostAction {}

    record DeleteVolume(Lane lane, VolumeId volume, long epoch) implements HostAction {}

    record OpenExport(Lane lane, ExportOrder order) implements HostAction {}

    record CloseExport(Lane lane, MigrationId migration, VolumeId volume) implements HostAction {}

    record AttachSource(Lane lane, CloneOrder order) implements HostAction {}

    record RaiseClone(Lane lane, CloneOrder order) implements HostAction {}

    record Hydrate(Lane lane, VolumeId volume, HydrationOrder order) implements HostAction {}

    record VerifyClone(Lane lane, VolumeId volume) implements HostAction {}

    record DropClone(Lane lane, VolumeId volume) implements HostAction {}

    record ServeDisk(Lane lane, VolumeId volume, DiskBacking backing) implements HostAction {}

    record WithdrawDisk(Lane lane, VolumeId volume) implements HostAction {}

    record DeclareWorkload(Lane lane, WorkloadDefinition definition, Autostart autostart) implements HostAction {}

    record RemoveWorkload(Lane lane, WorkloadId workload) implements HostAction {}

    record SetAutostart(Lane lane, WorkloadId workload, Autostart autostart) implements HostAction {}

    record StopWorkload(Lane lane, WorkloadId workload) implements HostAction {}

    record StartWorkload(Lane lane, WorkloadId workload, long epoch, List<DiskState> disks) implements HostAction {
        public StartWorkload {
            disks = List.copyOf(disks);
        }
    }

    /** Nothing to do but to say so: the lane stays here until spec or host change. */
    record Refuse(Lane lane, String code, FailureKind kind, String message) implements HostAction {}
}
