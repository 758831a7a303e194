package io.sluice.agent.reconcile;

import io.sluice.agent.api.ExportReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.agent.api.WorkloadStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Shows in a report what an action still running is about to bring forth, as if it were there already, and what it is about to
 * change as neither the one nor the other. Such an action may belong to an older spec: a report without its outcome would say
 * that nothing is left, the orchestrator would end the migration and name it no more, and what then comes to be would stay for
 * ever.
 */
final class InFlight {
    private InFlight() {}

    static HostReport shown(HostReport observed, Collection<HostAction> running) {
        List<ExportReport> exports = new ArrayList<>(observed.exports());
        List<IncomingVolumeReport> incoming = new ArrayList<>(observed.incoming());
        List<VolumeReport> volumes = new ArrayList<>(observed.volumes());
        List<WorkloadReport> workloads = new ArrayList<>(observed.workloads());
        for (HostAction action : running) {
            if (action instanceof HostAction.OpenExport opening) {
                addOnce(exports, opening.order());
            } else if (action instanceof HostAction.CreateVolume creating) {
                addOnce(incoming, creating.volume());
            } else if (action instanceof HostAction.ChangeVolume changing
                    && changing.standing().role() == VolumeRole.FROZEN) {
                volumes.replaceAll(volume -> volume.volume().equals(changing.volume()) ? freezing(volume) : volume);
            } else if (action instanceof HostAction.SetAutostart setting
                    && setting.autostart() instanceof Autostart.Held) {
                workloads.replaceAll(
                        workload -> is(workload, setting.workload()) ? stopping(workload, true) : workload);
            } else if (action instanceof HostAction.StopWorkload stopping) {
                workloads.replaceAll(
                        workload -> is(workload, stopping.workload()) ? stopping(workload, workload.held()) : workload);
            }
        }
        return new HostReport(
                observed.worker(),
                observed.incarnation(),
                observed.sequence(),
                observed.appliedGeneration(),
                observed.bootId(),
                observed.actionsPending(),
                observed.pools(),
                volumes,
                workloads,
                exports,
                incoming,
                observed.failures(),
                observed.retired(),
                observed.capabilities());
    }

    private static boolean is(WorkloadReport workload, WorkloadId id) {
        return workload.definition().id().equals(id);
    }

    /** Not owned any more, and not frozen before it is read-only. */
    private static VolumeReport freezing(VolumeReport volume) {
        return new VolumeReport(
                volume.volume(),
                volume.pool(),
                volume.sizeBytes(),
                volume.blockBytes(),
                volume.allocatedBytes(),
                volume.epoch(),
                VolumeRole.FROZEN,
                true,
                volume.deletesInSeconds());
    }

    /** Neither running for good nor known to be stopped. */
    private static WorkloadReport stopping(WorkloadReport workload, boolean held) {
        return new WorkloadReport(workload.definition(), WorkloadStatus.UNKNOWN, workload.epoch(), held);
    }

    /** Not frozen yet, whatever was ordered: nothing of it has been seen. */
    private static void addOnce(List<ExportReport> exports, ExportOrder order) {
        boolean there = exports.stream()
                .anyMatch(export -> export.migration().equals(order.migration())
                        && export.volume().equals(order.volume()));
        if (!there) {
            exports.add(new ExportReport(
                    order.migration(), order.volume(), order.access().target(), false, 0, 0));
        }
    }

    private static void addOnce(List<IncomingVolumeReport> incoming, NewVolume volume) {
        boolean there = incoming.stream()
                .anyMatch(one -> one.migration().equals(volume.migration())
                        && one.volume().equals(volume.volume()));
        if (!there) {
            incoming.add(new IncomingVolumeReport(
                    volume.migration(), volume.volume(), volume.epoch(), IncomingStage.CREATED, null, null, null));
        }
    }
}
