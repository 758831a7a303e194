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
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What there is on a worker to be moved, and what cannot be moved in the state it is in. What a live migration is taking away
 * already is in neither list.
 */
record Inventory(List<Cargo> cargoes, List<Refusal> refusals) {

    static Inventory of(WorkerId worker, HostReport report, Elsewhere elsewhere) {
        return new Reading(worker, report, elsewhere).all();
    }

    /** One pass over one report; the lists grow as it goes. */
    private static final class Reading {
        private final WorkerId worker;
        private final HostReport report;
        private final Elsewhere elsewhere;
        private final Map<VolumeId, VolumeReport> copies = new HashMap<>();
        private final Map<VolumeId, List<WorkloadId>> owners = new HashMap<>();
        private final List<Cargo> cargoes = new ArrayList<>();
        private final List<Refusal> refusals = new ArrayList<>();

        Reading(WorkerId worker, HostReport report, Elsewhere elsewhere) {
            this.worker = worker;
            this.report = report;
            this.elsewhere = elsewhere;
            report.volumes().stream()
                    .filter(volume -> volume.role() != VolumeRole.RETIRED)
                    .forEach(volume -> copies.putIfAbsent(volume.volume(), volume));
            report.workloads()
                    .forEach(workload -> workload.definition()
                            .volumes()
                            .forEach(volume -> owners.computeIfAbsent(volume, id -> new ArrayList<>())
                                    .add(workload.definition().id())));
        }

        Inventory all() {
            report.workloads().stream()
                    .sorted(Comparator.comparing(
                            workload -> workload.definition().id()))
                    .forEach(this::workload);
            report.volumes().stream()
                    .filter(volume -> volume.role() != VolumeRole.RETIRED && !owners.containsKey(volume.volume()))
                    .sorted(Comparator.comparing(VolumeReport::volume))
                    .forEach(this::lone);
            return new Inventory(List.copyOf(cargoes), List.copyOf(refusals));
        }

        private void workload(WorkloadReport workload) {
            WorkloadDefinition definition = workload.definition();
            Reservation reservation = elsewhere.moving(definition.id());
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
                    .map(id -> volume(Objects.requireNonNull(copies.get(id))))
                    .toList();
            cargoes.add(new Cargo(definition, workload.status() == WorkloadStatus.RUNNING, volumes));
        }

        private void lone(VolumeReport volume) {
            Reservation reservation = elsewhere.moving(volume.volume());
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
            Elsewhere.Holder other = elsewhere.rival(worker, definition.id(), workload.epoch());
            if (other != null) {
                return ReasonCode.WORKLOAD_CONFLICT.because(
                        definition.id() + " is declared on " + worker + " and on " + other.worker() + ".");
            }
            return definition.volumes().stream()
                    .map(id -> sharedOrRefused(id, definition.id()))
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(null);
        }

        private @Nullable Reason sharedOrRefused(VolumeId volume, WorkloadId owner) {
            return owners.getOrDefault(volume, List.of()).stream()
                    .filter(other -> !other.equals(owner))
                    .findFirst()
                    .map(other -> ReasonCode.VOLUME_SHARED.because(
                            "Volume " + volume + " is declared by " + owner + " and by " + other + "."))
                    .orElseGet(() -> refused(volume));
        }

        private @Nullable Reason refused(VolumeId id) {
            VolumeReport copy = copies.get(id);
            if (copy == null) {
                return ReasonCode.VOLUME_MISSING.because("Volume " + id + " is not in any pool of " + worker + ".");
            }
            if (copy.role() != VolumeRole.OWNED) {
                return ReasonCode.VOLUME_NOT_OWNED.because("Volume " + id + " is "
                        + (copy.role() == VolumeRole.FROZEN ? "frozen" : "incoming") + " on " + worker
                        + ", by a migration that is not known as live.");
            }
            Elsewhere.Holder other = elsewhere.rival(worker, id, copy.epoch());
            return other == null
                    ? null
                    : ReasonCode.VOLUME_CONFLICT.because("Volume " + id + " is on " + worker + " and on "
                            + other.worker() + ", there with epoch " + other.epoch() + ".");
        }

        private static Reason arriving(String name, Reservation reservation) {
            return ReasonCode.ALREADY_MIGRATING.because(
                    name + " is part of migration " + reservation.migration() + ", which has yet to end here.");
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
