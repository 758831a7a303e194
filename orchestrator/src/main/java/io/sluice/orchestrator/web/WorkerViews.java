package io.sluice.orchestrator.web;

import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.orchestrator.drain.FleetReading;
import io.sluice.orchestrator.drain.FleetReading.WorkerReading;
import io.sluice.orchestrator.drain.PowerOff;
import io.sluice.orchestrator.fleet.FleetSnapshot.Copy;
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.fleet.WorkerProfile;
import io.sluice.orchestrator.web.WorkerView.CapabilitiesView;
import io.sluice.orchestrator.web.WorkerView.FailureView;
import io.sluice.orchestrator.web.WorkerView.LocationView;
import io.sluice.orchestrator.web.WorkerView.PoolView;
import io.sluice.orchestrator.web.WorkerView.ResourcesView;
import io.sluice.orchestrator.web.WorkerView.Status;
import io.sluice.orchestrator.web.WorkerView.WrittenOffView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Workers and volumes as shown. */
final class WorkerViews {
    private WorkerViews() {}

    static WorkerView worker(FleetReading fleet, WorkerReading reading) {
        WorkerProfile profile = reading.worker().profile();
        HostReport report = reading.worker().report();
        return new WorkerView(
                profile.id().value(),
                profile.name(),
                status(fleet, reading),
                reading.worker().cordoned(),
                reading.worker().connected(),
                reading.lastSeen() == null ? null : MigrationViews.seconds(reading.lastSeen(), fleet.now()),
                new LocationView(
                        profile.location().region(),
                        profile.location().zone(),
                        profile.location().rack()),
                profile.labels(),
                profile.portal().toString(),
                reading.agentVersion(),
                new CapabilitiesView(
                        profile.capabilities().dmClone(), profile.capabilities().portableClone()),
                report == null
                        ? List.of()
                        : report.pools().stream()
                                .map(pool -> pool(fleet, reading, pool))
                                .toList(),
                report == null ? null : report.volumes().size(),
                report == null ? null : report.workloads().size(),
                report == null ? null : running(report),
                new ResourcesView(
                        profile.capacity().cpuMillis(), profile.capacity().memoryBytes()),
                report == null ? null : requested(report),
                reading.drain() == null ? null : reading.drain().value(),
                report == null
                        ? List.of()
                        : report.failures().stream().map(WorkerViews::failure).toList(),
                writtenOff(reading.writtenOff()));
    }

    private static @Nullable WrittenOffView writtenOff(FleetReading.@Nullable WrittenOff writtenOff) {
        return writtenOff == null
                ? null
                : new WrittenOffView(
                        writtenOff.at(),
                        writtenOff.by().actor(),
                        writtenOff.by().reason());
    }

    private static Status status(FleetReading fleet, WorkerReading reading) {
        if (reading.writtenOff() != null) {
            return Status.WRITTEN_OFF;
        }
        if (!reading.worker().connected()) {
            return Status.LOST;
        }
        if (reading.drain() != null) {
            return PowerOff.blockers(fleet, reading).isEmpty() ? Status.DRAINED : Status.DRAINING;
        }
        return reading.worker().cordoned() ? Status.CORDONED : Status.ACTIVE;
    }

    private static PoolView pool(FleetReading fleet, WorkerReading reading, PoolReport pool) {
        return new PoolView(
                pool.name().value(),
                pool.kind(),
                pool.capacityBytes(),
                pool.committedBytes(),
                reserved(fleet, reading, pool.name()),
                pool.freeBytes());
    }

    /** Room for volumes that live migrations are yet to make here. */
    private static long reserved(FleetReading fleet, WorkerReading reading, PoolName pool) {
        HostReport report = reading.worker().report();
        return fleet.reservations().stream()
                .filter(live -> live.destination().equals(reading.worker().id()))
                .map(Reservation::volumes)
                .flatMap(List::stream)
                .filter(space -> space.pool().equals(pool))
                .filter(space -> report == null
                        || report.volumes().stream()
                                .noneMatch(there -> there.volume().equals(space.volume())))
                .mapToLong(Reservation.Space::sizeBytes)
                .sum();
    }

    private static int running(HostReport report) {
        return (int) report.workloads().stream()
                .filter(workload -> workload.status() == WorkloadStatus.RUNNING)
                .count();
    }

    private static ResourcesView requested(HostReport report) {
        return new ResourcesView(
                report.workloads().stream()
                        .mapToLong(workload -> workload.definition().request().cpuMillis())
                        .sum(),
                report.workloads().stream()
                        .mapToLong(workload -> workload.definition().request().memoryBytes())
                        .sum());
    }

    private static FailureView failure(FailureReport failure) {
        return new FailureView(
                failure.migration() == null ? null : failure.migration().value(),
                failure.code(),
                failure.message(),
                failure.kind().name(),
                failure.seconds(),
                failure.attempts());
    }

    /** The volumes on those workers that are wanted. */
    static List<VolumeView> volumes(FleetReading fleet, Predicate<WorkerId> wanted) {
        Map<VolumeId, List<Copy>> copies = fleet.snapshot().copies();
        Map<VolumeId, String> moving = moving(fleet);
        List<VolumeView> views = new ArrayList<>();
        for (WorkerReading reading : fleet.workers()) {
            HostReport report = reading.worker().report();
            if (report != null && wanted.test(reading.worker().id())) {
                report.volumes().forEach(volume -> views.add(volume(copies, moving, reading, report, volume)));
            }
        }
        views.sort(Comparator.comparing(VolumeView::id).thenComparing(VolumeView::epoch, Comparator.reverseOrder()));
        return views;
    }

    private static VolumeView volume(
            Map<VolumeId, List<Copy>> copies,
            Map<VolumeId, String> moving,
            WorkerReading reading,
            HostReport report,
            VolumeReport volume) {
        List<Copy> owners = copies.getOrDefault(volume.volume(), List.of()).stream()
                .filter(copy -> copy.volume().role() == VolumeRole.OWNED)
                .toList();
        boolean owned = volume.role() == VolumeRole.OWNED;
        boolean newest = owners.stream().allMatch(copy -> copy.volume().epoch() <= volume.epoch());
        return new VolumeView(
                volume.volume().value(),
                reading.worker().id().value(),
                volume.pool().value(),
                volume.sizeBytes(),
                volume.blockBytes(),
                volume.allocatedBytes(),
                volume.epoch(),
                volume.role().name(),
                owned && newest,
                owned && owners.size() > 1,
                workload(report, volume),
                moving.get(volume.volume()));
    }

    /** The live migration of each volume that has one. */
    private static Map<VolumeId, String> moving(FleetReading fleet) {
        Map<VolumeId, String> moving = new HashMap<>();
        fleet.reservations()
                .forEach(live -> live.volumes()
                        .forEach(space -> moving.putIfAbsent(
                                space.volume(), live.migration().value())));
        return moving;
    }

    private static @Nullable String workload(HostReport report, VolumeReport volume) {
        return report.workloads().stream()
                .filter(workload -> workload.definition().volumes().contains(volume.volume()))
                .map(workload -> workload.definition().id().value())
                .findFirst()
                .orElse(null);
    }
}
