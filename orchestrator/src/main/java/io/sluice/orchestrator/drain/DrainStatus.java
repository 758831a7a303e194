package io.sluice.orchestrator.drain;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.plan.Refusal;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How far a drain is, computed from what is observed.
 *
 * @param evacuatedAt first time no workload ran on the worker: as kept, else from the newest migration that got its workload
 *     running elsewhere
 * @param drainedAt first time the worker was safe to power off: as kept, else from the migration that ended last
 * @param refusals of the newest plan that still hold
 * @param blockers what keeps the worker from being switched off
 */
public record DrainStatus(
        DrainReading reading,
        Phase phase,
        @Nullable Instant evacuatedAt,
        @Nullable Instant drainedAt,
        List<Refusal> refusals,
        List<PowerOff.Blocker> blockers) {

    /** See the REST interface's description of a drain. */
    public enum Phase {
        SCHEDULED,
        PAUSED,
        RUNNING,
        EVACUATED,
        RETAINING,
        DRAINED,
        BLOCKED,
        CANCELLING,
        CANCELLED
    }

    public DrainStatus {
        refusals = List.copyOf(refusals);
        blockers = List.copyOf(blockers);
    }

    public static DrainStatus of(DrainReading reading) {
        Drain drain = reading.drain();
        List<MigrationRecord> migrations = reading.migrations();
        StoredPlan newestPlan = reading.newestPlan();
        FleetReading.WorkerReading worker = reading.fleet().worker(drain.worker());
        HostReport report = worker == null ? null : worker.worker().report();
        List<PowerOff.Blocker> blockers = worker == null ? List.of() : blockers(drain, reading.fleet(), worker);
        boolean evacuated =
                report != null && report.workloads().stream().allMatch(workload -> runsElsewhere(workload, migrations));
        List<MigrationRecord> own =
                migrations.stream().filter(record -> !record.isThirdParty()).toList();
        boolean live = migrations.stream().anyMatch(record -> record.migration().live());
        boolean onlyRetired = !blockers.isEmpty()
                && blockers.stream().allMatch(blocker -> blocker.code().equals(PowerOff.RETIRED_COPY_KEPT));
        List<Refusal> refusals =
                newestPlan == null ? List.of() : standing(newestPlan.plan().refusals(), report);
        boolean roomIsMade =
                refusals.stream().anyMatch(refusal -> refusal.reason().is(ReasonCode.WAITING_FOR_ROOM));
        Phase phase = blockers.isEmpty() || onlyRetired
                ? through(drain, onlyRetired)
                : phase(
                        drain,
                        evacuated && live,
                        live || roomIsMade,
                        reading.fleet().now());
        return new DrainStatus(
                reading,
                phase,
                evacuated && drain.moving() ? evacuatedAt(drain, own) : drain.evacuatedAt(),
                blockers.isEmpty() && drain.moving() ? drainedAt(drain, own) : drain.drainedAt(),
                refusals,
                blockers);
    }

    /** Its declaration stays on the source until that is released, and cannot start there any more. */
    private static boolean runsElsewhere(WorkloadReport workload, List<MigrationRecord> migrations) {
        return migrations.stream()
                .filter(record -> workload.definition()
                        .id()
                        .equals(record.migration().cargo().workloadId()))
                .anyMatch(record -> switch (record.state()) {
                    case ForwardOnly.HYDRATING, ForwardOnly.SETTLING, ForwardOnly.RELEASING -> true;
                    case ForwardOnly.STARTING -> false;
                    case MigrationState.Reversible reversible -> false;
                    case MigrationState.Terminal terminal -> false;
                });
    }

    private static Instant evacuatedAt(Drain drain, List<MigrationRecord> migrations) {
        return drain.evacuatedAt() != null
                ? drain.evacuatedAt()
                : newest(
                        drain,
                        migrations.stream().map(MigrationRecord::runningAt).filter(Objects::nonNull));
    }

    private static Instant drainedAt(Drain drain, List<MigrationRecord> migrations) {
        return drain.drainedAt() != null
                ? drain.drainedAt()
                : newest(
                        drain,
                        migrations.stream()
                                .map(record -> record.migration().position().since()));
    }

    /** A worker that was empty from the beginning was so when its drain began. */
    private static Instant newest(Drain drain, Stream<Instant> times) {
        return times.max(Comparator.naturalOrder()).orElse(drain.createdAt());
    }

    private static Phase through(Drain drain, boolean onlyRetired) {
        Phase ended = ended(drain);
        return ended != null ? ended : onlyRetired ? Phase.RETAINING : Phase.DRAINED;
    }

    private static Phase phase(Drain drain, boolean evacuated, boolean underWay, Instant now) {
        Phase ended = ended(drain);
        if (ended != null) {
            return ended;
        }
        if (evacuated) {
            return Phase.EVACUATED;
        }
        Reason begin = drain.steering().mayBegin(now);
        if (begin != null) {
            return begin.is(ReasonCode.DRAIN_NOT_YET) ? Phase.SCHEDULED : Phase.PAUSED;
        }
        return underWay ? Phase.RUNNING : Phase.BLOCKED;
    }

    private static @Nullable Phase ended(Drain drain) {
        if (drain.outcome() != null) {
            return switch (drain.outcome()) {
                case DRAINED -> Phase.DRAINED;
                case CANCELLED -> Phase.CANCELLED;
            };
        }
        return drain.cancelRequestedAt() != null ? Phase.CANCELLING : null;
    }

    /** Whether its workload still runs on the source, and may go on doing so. */
    static boolean beforeCutover(MigrationState state) {
        return switch (state) {
            case MigrationState.Reversible.PLANNED,
                    MigrationState.Reversible.PREPARING,
                    MigrationState.Reversible.READY -> true;
            case MigrationState.Reversible.STOPPING,
                    MigrationState.Reversible.CLONING,
                    MigrationState.Reversible.ABORTING -> false;
            case ForwardOnly forward -> false;
            case MigrationState.Terminal terminal -> false;
        };
    }

    /** A worker that was drained and fell silent has been switched off, as it was told it may; whoever says that it does not come back is right. */
    private static List<PowerOff.Blocker> blockers(
            Drain drain, FleetReading fleet, FleetReading.WorkerReading reading) {
        List<PowerOff.Blocker> blockers = PowerOff.blockers(fleet, reading);
        boolean onlySilent = drain.drainedAt() != null
                && drain.open()
                && blockers.stream().map(PowerOff.Blocker::code).allMatch(PowerOff.ABSENT::contains);
        return onlySilent ? List.of() : blockers;
    }

    public Drain drain() {
        return reading.drain();
    }

    /** Of every cargo its newest migration, in the order of their beginning. */
    public List<MigrationRecord> latest() {
        Map<String, MigrationRecord> byCargo = new LinkedHashMap<>();
        reading.migrations()
                .forEach(record -> byCargo.put(record.migration().cargo().name(), record));
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

    /** Of every cargo its newest migration, those given up left out. */
    public List<MigrationRecord> moving() {
        return latest().stream()
                .filter(record -> record.state() != MigrationState.Terminal.ABORTED)
                .toList();
    }

    /** How long it still takes. */
    public Estimate estimate() {
        return Estimate.of(moving(), drain().steering(), reading.fleet().now());
    }

    /** What it waits for or is late by. */
    public List<HoldUp> holdUps() {
        return HoldUp.of(drain(), latest(), estimate(), reading.fleet().now());
    }

    public boolean safeToPowerOff() {
        return blockers.isEmpty();
    }

    public int count(MigrationState... states) {
        List<MigrationState> wanted = List.of(states);
        return (int) latest().stream()
                .filter(record -> wanted.contains(record.state()))
                .count();
    }
}
