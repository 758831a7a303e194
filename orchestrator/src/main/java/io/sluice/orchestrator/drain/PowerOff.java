package io.sluice.orchestrator.drain;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.orchestrator.fleet.Reservation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether a worker may be switched off: nothing is on it, nothing depends on it, nothing can land, all freshly observed. */
public final class PowerOff {
    /** Given only on a worker that does not come back. */
    static final String RETIRED_COPY_KEPT = "RETIRED_COPY_KEPT";

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
        if (!reading.worker().connected()) {
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
        fleet.reservations().stream()
                .filter(live -> live.source().equals(reading.worker().id())
                        || live.destination().equals(reading.worker().id()))
                .forEach(live -> blockers.add(migration(id, live)));
        return blockers;
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
