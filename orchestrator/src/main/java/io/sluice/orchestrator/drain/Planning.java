package io.sluice.orchestrator.drain;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.fleet.Worker;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.plan.DrainPlan;
import io.sluice.orchestrator.plan.DrainPlanner;
import io.sluice.orchestrator.plan.Placement;
import io.sluice.orchestrator.plan.PlanCheck;
import io.sluice.orchestrator.plan.PlanLimits;
import io.sluice.orchestrator.plan.Refusal;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Plans a drain and turns placements into migrations, in one transaction under the planning lock. What failed too often is
 * refused with the reason it failed for.
 */
@Component
class Planning {
    /** A cargo that failed so often will fail again: a person has to look. */
    static final int MAX_ATTEMPTS = 3;

    private final DrainStore store;
    private final DrainReader reader;

    Planning(DrainStore store, DrainReader reader) {
        this.store = store;
        this.reader = reader;
    }

    /** The worker's open drain, begun now unless there is one. */
    @Transactional
    Drain begin(DrainOrder order) {
        store.lockPlanning();
        Drain open = store.open(order.worker());
        if (open != null) {
            return open;
        }
        Drain drain = store.add(order);
        FleetSnapshot fleet = reader.fleet().snapshot();
        store.adopt(drain.id(), checked(fleet, order), fleet);
        return drain;
    }

    /** What a drain of this worker would do now. */
    DrainPlan dryRun(DrainOrder order) {
        return checked(asIfDraining(reader.fleet().snapshot(), order.worker()), order);
    }

    /** Plans anew what is left on the worker and is not on its way; does nothing when the answer is the one already known. */
    @Transactional
    void again(Drain known) {
        store.lockPlanning();
        Drain drain = store.find(known.id());
        if (drain == null || !drain.moving()) {
            return;
        }
        FleetSnapshot fleet = reader.fleet().snapshot();
        if (!somethingLeft(fleet, drain.worker())) {
            return;
        }
        List<MigrationRecord> tried = reader.migrations(drain.id());
        DrainPlan plan = withoutHopeless(elsewhere(fleet, drain.order(), tried), tried);
        StoredPlan before = reader.newestPlan(drain.id());
        if (plan.placements().isEmpty()
                && before != null
                && before.plan().refusals().equals(plan.refusals())) {
            return;
        }
        store.adopt(drain.id(), plan, fleet);
    }

    /** Away from workers where a migration of this drain failed, unless then less could be placed. */
    private static DrainPlan elsewhere(FleetSnapshot fleet, DrainOrder order, List<MigrationRecord> tried) {
        DrainPlan anywhere = checked(fleet, order);
        Set<WorkerId> failed = tried.stream()
                .map(MigrationRecord::migration)
                .filter(Planning::failed)
                .map(Migration::destination)
                .collect(Collectors.toSet());
        if (failed.isEmpty()) {
            return anywhere;
        }
        DrainPlan elsewhere = checked(asIfCordoned(fleet, failed), order);
        return elsewhere.placements().size() < anywhere.placements().size() ? anywhere : elsewhere;
    }

    /** Being sent elsewhere by an operator is no failure. */
    private static boolean failed(Migration migration) {
        Reason cause = migration.position().cause();
        return migration.state() == MigrationState.Terminal.ABORTED
                && cause != null
                && !cause.is(ReasonCode.DESTINATION_WITHDRAWN);
    }

    private static DrainPlan checked(FleetSnapshot fleet, DrainOrder order) {
        PlanLimits limits = new PlanLimits(
                PlanLimits.DEFAULT.headroomPercent(),
                order.perSource(),
                order.perDestination(),
                PlanLimits.DEFAULT.bytesPerSecond());
        DrainPlan plan = DrainPlanner.plan(fleet, order.worker(), limits);
        List<String> violations = PlanCheck.violations(plan, fleet, limits);
        if (!violations.isEmpty()) {
            throw new IllegalStateException(
                    "the plan for " + order.worker() + " is unsound, nothing was done: " + violations);
        }
        return plan;
    }

    private static FleetSnapshot asIfCordoned(FleetSnapshot fleet, Set<WorkerId> workers) {
        return new FleetSnapshot(
                fleet.workers().stream()
                        .map(one -> workers.contains(one.id())
                                ? new Worker(one.profile(), one.connected(), true, one.draining(), one.report())
                                : one)
                        .toList(),
                fleet.reservations());
    }

    private static FleetSnapshot asIfDraining(FleetSnapshot fleet, WorkerId worker) {
        return new FleetSnapshot(
                fleet.workers().stream()
                        .map(one -> one.id().equals(worker)
                                ? new Worker(one.profile(), one.connected(), one.cordoned(), true, one.report())
                                : one)
                        .toList(),
                fleet.reservations());
    }

    /** Whether the worker has a workload, or a volume it owns, that no live migration takes away. */
    static boolean somethingLeft(FleetSnapshot fleet, WorkerId id) {
        Worker worker = fleet.worker(id);
        HostReport report = worker == null ? null : worker.report();
        if (report == null) {
            return false;
        }
        List<Reservation> leaving = fleet.reservations().stream()
                .filter(live -> live.source().equals(id))
                .toList();
        boolean workload = report.workloads().stream()
                .map(declared -> declared.definition().id())
                .anyMatch(declared -> leaving.stream().noneMatch(live -> declared.equals(live.workload())));
        return workload
                || report.volumes().stream()
                        .filter(volume -> volume.role() == VolumeRole.OWNED)
                        .anyMatch(volume -> leaving.stream()
                                .flatMap(live -> live.volumes().stream())
                                .noneMatch(space -> space.volume().equals(volume.volume())));
    }

    private static DrainPlan withoutHopeless(DrainPlan plan, List<MigrationRecord> tried) {
        List<Placement> placements = new ArrayList<>();
        List<Refusal> hopeless = new ArrayList<>();
        for (Placement placement : plan.placements()) {
            Reason reason = hopeless(placement.cargo(), tried);
            if (reason == null) {
                placements.add(placement);
            } else {
                hopeless.add(new Refusal(
                        placement.cargo().workloadId(), placement.cargo().volumeIds(), reason));
            }
        }
        List<Refusal> refusals =
                Stream.concat(plan.refusals().stream(), hopeless.stream()).toList();
        return new DrainPlan(plan.worker(), placements, refusals, plan.forecast());
    }

    /** Why this cargo is not tried again; null while it may be. */
    private static @Nullable Reason hopeless(Cargo cargo, List<MigrationRecord> tried) {
        List<Reason> failures = tried.stream()
                .map(MigrationRecord::migration)
                .filter(migration ->
                        failed(migration) && migration.cargo().name().equals(cargo.name()))
                .flatMap(migration -> Stream.ofNullable(migration.position().cause()))
                .toList();
        if (failures.size() < MAX_ATTEMPTS) {
            return null;
        }
        Reason last = failures.getLast();
        return new Reason(
                last.code(),
                "Given up after " + failures.size() + " attempts: " + last.message(),
                last.remedy() + " Then cancel this drain and drain the worker again.");
    }
}
