package io.sluice.orchestrator.drain;

import io.sluice.agent.api.ExportReport;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.orchestrator.fleet.Reservation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Whether a worker may be switched off: nothing is on it, nothing depends on it, nothing can land, all freshly observed. */
public final class PowerOff {
    /** Given only on a worker that does not come back. */
    static final String RETIRED_COPY_KEPT = "RETIRED_COPY_KEPT";

    /** What a worker that was switched off gives. */
    static final Set<String> ABSENT = Set.of("WORKER_NOT_REPORTING", "WORKER_WRITTEN_OFF");

    private PowerOff() {}

    /**
     * One thing in the way.
     *
     * @param sinceSeconds null when it is not known since when
     */
    public record Blocker(
            String code,
            String message,
            String remedy,
            String subject,
            @Nullable Long sinceSeconds) {}

    /** Empty means: safe. */
    public static List<Blocker> blockers(FleetReading fleet, FleetReading.WorkerReading reading) {
        List<Blocker> blockers = new ArrayList<>();
        String id = reading.worker().id().value();
        HostReport report = reading.worker().report();
        if (!reading.worker().cordoned() && !reading.worker().draining()) {
            blockers.add(new Blocker("NOT_CORDONED", id + " takes new volumes.", "Drain it, or cordon it.", id, null));
        }
        if (report == null) {
            blockers.add(new Blocker("NEVER_REPORTED", id + " has never reported.", "Start its agent.", id, null));
            return blockers;
        }
        if (reading.writtenOff() != null) {
            blockers.add(writtenOff(fleet, reading.writtenOff(), id));
        } else if (!reading.worker().connected()) {
            blockers.add(silent(fleet, reading, id));
        }
        report.workloads().forEach(workload -> blockers.add(workload(id, workload)));
        report.volumes().stream()
                .filter(volume -> volume.role() != VolumeRole.RETIRED)
                .forEach(volume -> blockers.add(volume(id, volume)));
        if (reading.mode() == DrainMode.DECOMMISSION) {
            report.volumes().stream()
                    .filter(volume -> volume.role() == VolumeRole.RETIRED)
                    .forEach(volume -> blockers.add(retired(id, volume)));
        }
        leftBehind(fleet, report).forEach(migration -> blockers.add(leftBehind(id, migration)));
        fleet.reservations().stream()
                .filter(live -> live.source().equals(reading.worker().id())
                        || live.destination().equals(reading.worker().id()))
                .forEach(live -> blockers.add(migration(id, live)));
        return blockers;
    }

    /** Ended migrations of which it still serves or clones something: those that ended without it, which was written off then. */
    private static Stream<MigrationId> leftBehind(FleetReading fleet, HostReport report) {
        Set<MigrationId> live =
                fleet.reservations().stream().map(Reservation::migration).collect(Collectors.toSet());
        return Stream.concat(
                        report.exports().stream().map(ExportReport::migration),
                        report.incoming().stream()
                                .filter(volume -> volume.stage() != IncomingStage.LINEAR)
                                .map(IncomingVolumeReport::migration))
                .filter(migration -> !live.contains(migration))
                .distinct();
    }

    private static Blocker leftBehind(String worker, MigrationId migration) {
        return new Blocker(
                "LEFT_BEHIND",
                worker + " still holds something of migration " + migration + ", which ended while it was written off.",
                "Wait until its agent has cleared that away; reinstate the worker if it is written off, see its failures if it"
                        + " is not.",
                migration.value(),
                null);
    }

    private static Blocker silent(FleetReading fleet, FleetReading.WorkerReading reading, String id) {
        Long seconds = reading.lastSeen() == null
                ? null
                : Duration.between(reading.lastSeen(), fleet.now()).toSeconds();
        return new Blocker(
                "WORKER_NOT_REPORTING",
                id + " does not report, so what is on it now is not known.",
                "Bring its agent back, or look at the host itself.",
                id,
                seconds);
    }

    private static Blocker writtenOff(FleetReading fleet, FleetReading.WrittenOff writtenOff, String id) {
        return new Blocker(
                "WORKER_WRITTEN_OFF",
                id + " was written off by " + writtenOff.by().actor() + ", so nothing that is on it moves any more.",
                "Cancel the drain; reinstate the worker if it comes back: sluice workers reinstate " + id,
                id,
                Duration.between(writtenOff.at(), fleet.now()).toSeconds());
    }

    private static Blocker workload(String worker, WorkloadReport workload) {
        String name = workload.definition().id().value();
        return workload.status() == WorkloadStatus.STOPPED
                ? new Blocker(
                        "WORKLOAD_DECLARED",
                        "Workload " + name + " is declared on " + worker + " and may start there.",
                        "Wait for its migration, or see why the drain refuses it.",
                        name,
                        null)
                : new Blocker(
                        "WORKLOAD_RUNNING",
                        "Workload " + name + " runs on " + worker + ".",
                        "Wait for its migration, or see why the drain refuses it.",
                        name,
                        null);
    }

    private static Blocker volume(String worker, VolumeReport volume) {
        String message = switch (volume.role()) {
            case OWNED -> "Volume " + volume.volume() + " is owned by " + worker + ".";
            case FROZEN -> "Volume " + volume.volume() + " on " + worker + " is the source of a copy.";
            case INCOMING -> "Volume " + volume.volume() + " is being made on " + worker + ".";
            case RETIRED -> "Volume " + volume.volume() + " on " + worker + " is retired.";
        };
        return new Blocker(
                "VOLUME_" + volume.role(),
                message,
                "Wait for its migration, or see why the drain refuses it.",
                volume.volume().value(),
                null);
    }

    /** Somebody's data, on a worker that will be given away. */
    private static Blocker retired(String worker, VolumeReport volume) {
        return new Blocker(
                RETIRED_COPY_KEPT,
                "A retired copy of volume " + volume.volume() + " is kept on " + worker + ".",
                "Wait until its retention has passed, or delete it: sluice copies lists what is kept and until when.",
                volume.volume().value(),
                null);
    }

    private static Blocker migration(String worker, Reservation live) {
        String role = live.source().value().equals(worker) ? "source" : "destination";
        return new Blocker(
                "MIGRATION_LIVE",
                "Migration " + live.migration() + " has " + worker + " as its " + role + ".",
                "Wait until it ends; its reason says what it waits for.",
                live.migration().value(),
                null);
    }
}
