package io.sluice.orchestrator.plan;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What there is on a worker to be moved, and what cannot be moved in the state it is in. What a live migration is taking away
 * already is in neither list.
 */
record Inventory(List<Cargo> cargoes, List<Refusal> refusals) {

    static Inventory of(WorkerId worker, HostReport report, FleetSnapshot fleet) {
        return new Reading(worker, report, fleet, new ArrayList<>(), new ArrayList<>()).all();
    }

    /** One pass over one report; the lists grow as it goes. */
    private record Reading(
            WorkerId worker, HostReport report, FleetSnapshot fleet, List<Cargo> cargoes, List<Refusal> refusals) {

        Inventory all() {
            Set<VolumeId> claimed = new HashSet<>();
            report.workloads().stream()
                    .sorted(Comparator.comparing(
                            workload -> workload.definition().id()))
                    .forEach(workload -> {
                        claimed.addAll(workload.definition().volumes());
                        workload(workload);
                    });
            report.volumes().stream()
                    .filter(volume -> volume.role() != VolumeRole.RETIRED && !claimed.contains(volume.volume()))
                    .sorted(Comparator.comparing(VolumeReport::volume))
                    .forEach(this::lone);
            return new Inventory(List.copyOf(cargoes), List.copyOf(refusals));
        }

        private void workload(WorkloadReport workload) {
            WorkloadDefinition definition = workload.definition();
            Reservation reservation = reserved(definition.id());
            if (reservation != null && reservation.source().equals(worker)) {
                return;
            }
            Reason reason = reservation == null
                    ? refused(workload)
                    : arriving(definition.id().value(), reservation);
            if (reason != null) {
                refusals.add(new Refusal(definition.id(), definition.volumes(), reason));
                return;
            }
            List<Cargo.Volume> volumes = definition.volumes().stream()
                    .map(id -> volume(Objects.requireNonNull(copy(id))))
                    .toList();
            cargoes.add(new Cargo(definition, workload.status() == WorkloadStatus.RUNNING, volumes));
        }

        private void lone(VolumeReport volume) {
            Reservation reservation = reserved(volume.volume());
            if (reservation != null && reservation.source().equals(worker)) {
                return;
            }
            Reason reason = reservation == null
                    ? refused(volume.volume())
                    : arriving(volume.volume().value(), reservation);
            if (reason != null) {
                refusals.add(new Refusal(null, List.of(volume.volume()), reason));
            } else {
                cargoes.add(new Cargo(null, false, List.of(volume(volume))));
            }
        }

        private @Nullable Reason refused(WorkloadReport workload) {
            WorkloadDefinition definition = workload.definition();
            if (workload.status() == WorkloadStatus.UNKNOWN) {
                return ReasonCode.WORKLOAD_UNKNOWN_STATE.because(
                        "Nobody can tell whether " + definition.id() + " runs on " + worker + ".");
            }
            if (workload.status() == WorkloadStatus.STOPPED
                    && !definition.driver().equals("none")) {
                return ReasonCode.WORKLOAD_STOPPED.because(
                        definition.id() + " is stopped on " + worker + ", and moving it would start it.");
            }
            for (var other : fleet.workers()) {
                if (!other.id().equals(worker) && declares(other.report(), definition.id(), workload.epoch())) {
                    return ReasonCode.WORKLOAD_CONFLICT.because(
                            definition.id() + " is declared on " + worker + " and on " + other.id() + ".");
                }
            }
            return definition.volumes().stream()
                    .map(id -> sharedOrRefused(id, definition.id()))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }

        private @Nullable Reason sharedOrRefused(VolumeId volume, WorkloadId owner) {
            return report.workloads().stream()
                    .map(WorkloadReport::definition)
                    .filter(other ->
                            !other.id().equals(owner) && other.volumes().contains(volume))
                    .findFirst()
                    .map(other -> ReasonCode.VOLUME_SHARED.because(
                            "Volume " + volume + " is declared by " + owner + " and by " + other.id() + "."))
                    .orElseGet(() -> refused(volume));
        }

        private @Nullable Reason refused(VolumeId id) {
            VolumeReport copy = copy(id);
            if (copy == null) {
                return ReasonCode.VOLUME_MISSING.because("Volume " + id + " is not in any pool of " + worker + ".");
            }
            if (copy.role() != VolumeRole.OWNED) {
                return ReasonCode.VOLUME_NOT_OWNED.because("Volume " + id + " is "
                        + (copy.role() == VolumeRole.FROZEN ? "frozen" : "incoming") + " on " + worker
                        + ", by a migration that is not known as live.");
            }
            return fleet.copies(id).stream()
                    .filter(other -> !other.worker().equals(worker))
                    .filter(other -> other.volume().role() != VolumeRole.RETIRED
                            && other.volume().epoch() >= copy.epoch())
                    .findFirst()
                    .map(other -> ReasonCode.VOLUME_CONFLICT.because(
                            "Volume " + id + " is on " + worker + " and on " + other.worker() + ", there with epoch "
                                    + other.volume().epoch() + "."))
                    .orElse(null);
        }

        private static boolean declares(@Nullable HostReport report, WorkloadId id, long epoch) {
            return report != null
                    && report.workloads().stream()
                            .anyMatch(other -> other.definition().id().equals(id) && other.epoch() >= epoch);
        }

        private static Reason arriving(String name, Reservation reservation) {
            return ReasonCode.ALREADY_MIGRATING.because(
                    name + " is part of migration " + reservation.migration() + ", which has yet to end here.");
        }

        private @Nullable Reservation reserved(WorkloadId workload) {
            return fleet.reservations().stream()
                    .filter(reservation -> workload.equals(reservation.workload()))
                    .findFirst()
                    .orElse(null);
        }

        private @Nullable Reservation reserved(VolumeId volume) {
            return fleet.reservations().stream()
                    .filter(reservation -> reservation.volumes().stream()
                            .anyMatch(space -> space.volume().equals(volume)))
                    .findFirst()
                    .orElse(null);
        }

        private @Nullable VolumeReport copy(VolumeId id) {
            return report.volumes().stream()
                    .filter(volume -> volume.volume().equals(id) && volume.role() != VolumeRole.RETIRED)
                    .findFirst()
                    .orElse(null);
        }

        private static Cargo.Volume volume(VolumeReport report) {
            return new Cargo.Volume(
                    report.volume(),
                    report.pool(),
                    report.sizeBytes(),
                    report.blockBytes(),
                    report.allocatedBytes(),
                    report.epoch());
        }
    }
}
