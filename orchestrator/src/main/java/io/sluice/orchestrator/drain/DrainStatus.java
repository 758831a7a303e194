package io.sluice.orchestrator.drain;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkloadId;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.plan.Refusal;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far a drain is, computed from what is observed.
 *
 * @param latest of every cargo its newest migration, in the order of their beginning
 * @param refusals of the newest plan that still hold
 * @param blockers what keeps the worker from being switched off
 */
public record DrainStatus(
        Drain drain,
        Phase phase,
        boolean evacuated,
        List<MigrationRecord> latest,
        List<Refusal> refusals,
        List<PowerOff.Blocker> blockers) {

    /** See the REST interface's description of a drain. */
    public enum Phase {
        RUNNING,
        EVACUATED,
        DRAINED,
        BLOCKED,
        CANCELLING,
        CANCELLED
    }

    public DrainStatus {
        latest = List.copyOf(latest);
        refusals = List.copyOf(refusals);
        blockers = List.copyOf(blockers);
    }

    static DrainStatus of(
            Drain drain, FleetReading fleet, List<MigrationRecord> migrations, @Nullable StoredPlan newestPlan) {
        FleetReading.WorkerReading reading = fleet.worker(drain.worker());
        HostReport report = reading == null ? null : reading.worker().report();
        List<PowerOff.Blocker> blockers = reading == null ? List.of() : blockers(drain, fleet, reading);
        boolean evacuated = report != null && report.workloads().isEmpty();
        boolean live = migrations.stream().anyMatch(record -> record.migration().live());
        List<Refusal> refusals =
                newestPlan == null ? List.of() : standing(newestPlan.plan().refusals(), report);
        Phase phase = phase(drain, evacuated, live, blockers.isEmpty());
        return new DrainStatus(drain, phase, evacuated, latest(migrations), refusals, blockers);
    }

    private static Phase phase(Drain drain, boolean evacuated, boolean live, boolean safe) {
        if (drain.outcome() != null) {
            return switch (drain.outcome()) {
                case DRAINED -> Phase.DRAINED;
                case CANCELLED -> Phase.CANCELLED;
            };
        }
        if (drain.cancelRequestedAt() != null) {
            return Phase.CANCELLING;
        }
        if (safe) {
            return Phase.DRAINED;
        }
        if (live) {
            return evacuated ? Phase.EVACUATED : Phase.RUNNING;
        }
        return Phase.BLOCKED;
    }

    /** A worker that was drained and fell silent has been switched off, as it was told it may. */
    private static List<PowerOff.Blocker> blockers(
            Drain drain, FleetReading fleet, FleetReading.WorkerReading reading) {
        List<PowerOff.Blocker> blockers = PowerOff.blockers(fleet, reading);
        boolean onlySilent = drain.drainedAt() != null
                && drain.open()
                && blockers.stream().allMatch(blocker -> blocker.code().equals("WORKER_NOT_REPORTING"));
        return onlySilent ? List.of() : blockers;
    }

    private static List<MigrationRecord> latest(List<MigrationRecord> migrations) {
        Map<String, MigrationRecord> byCargo = new LinkedHashMap<>();
        migrations.forEach(record -> byCargo.put(record.migration().cargo().name(), record));
        return List.copyOf(byCargo.values());
    }

    /** Refusals of what is still there and is not on its way already. */
    private static List<Refusal> standing(List<Refusal> refusals, @Nullable HostReport report) {
        return refusals.stream()
                .filter(refusal -> !refusal.reason().is(ReasonCode.ALREADY_MIGRATING))
                .filter(refusal -> report == null || stillThere(refusal, report))
                .toList();
    }

    private static boolean stillThere(Refusal refusal, HostReport report) {
        WorkloadId workload = refusal.workload();
        if (workload != null) {
            return report.workloads().stream()
                    .anyMatch(declared -> declared.definition().id().equals(workload));
        }
        return refusal.volumes().isEmpty()
                || report.volumes().stream()
                        .anyMatch(volume -> volume.role() != VolumeRole.RETIRED
                                && refusal.volumes().contains(volume.volume()));
    }

    public boolean safeToPowerOff() {
        return blockers.isEmpty();
    }

    public int count(MigrationState... states) {
        List<MigrationState> wanted = List.of(states);
        return (int) latest.stream()
                .filter(record -> wanted.contains(record.state()))
                .count();
    }
}
