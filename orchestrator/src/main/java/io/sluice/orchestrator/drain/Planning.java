package io.sluice.orchestrator.drain;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.fleet.Worker;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.plan.Alternative;
import io.sluice.orchestrator.plan.Clearing;
import io.sluice.orchestrator.plan.DrainPlan;
import io.sluice.orchestrator.plan.Permission;
import io.sluice.orchestrator.plan.Placement;
import io.sluice.orchestrator.plan.Refusal;
import io.sluice.orchestrator.plan.ThirdPartyMove;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
    private final SteeringStore steering;
    private final ProposalStore proposals;

    Planning(DrainStore store, DrainReader reader, SteeringStore steering, ProposalStore proposals) {
        this.store = store;
        this.reader = reader;
        this.steering = steering;
        this.proposals = proposals;
    }

    /**
     * The workers' open drains, in the order asked; those that have none are begun now and placed together.
     *
     * @param orders each for another worker
     */
    @Transactional
    List<DrainId> begin(List<DrainOrder> orders) {
        store.lockPlanning();
        List<DrainOrder> fresh = orders.stream()
                .filter(order -> store.open(order.worker()) == null)
                .toList();
        if (!fresh.isEmpty()) {
            FleetSnapshot fleet = reader.fleet().snapshot();
            adopt(fresh, JointPlans.of(fleet, fresh), fleet);
        }
        return orders.stream()
                .map(order -> Objects.requireNonNull(store.open(order.worker()), "was there or was begun"))
                .map(Drain::id)
                .toList();
    }

    private List<DrainId> adopt(List<DrainOrder> orders, List<DrainPlan> plans, FleetSnapshot fleet) {
        List<DrainId> begun = new ArrayList<>();
        for (int i = 0; i < orders.size(); i++) {
            DrainOrder order = orders.get(i);
            DrainId drain = store.add(order).id();
            steering.record(new OperatorAction(
                    OperatorAction.Kind.START, drain, null, new OperatorAction.By(order.actor(), order.reason())));
            store.adopt(drain, plans.get(i), fleet);
            begun.add(drain);
        }
        return begun;
    }

    /** What drains of these workers would do now; kept, so that exactly it can be executed. */
    @Transactional
    Proposal dryRun(List<DrainOrder> orders) {
        List<DrainPlan> plans = JointPlans.of(reader.fleet().snapshot(), orders);
        return proposals.keep(JointPlans.hash(plans), orders, plans);
    }

    @Nullable
    Proposal proposal(String id) {
        return proposals.find(id);
    }

    Alternative.@Nullable Choice choice(Proposal proposal, String cargo) {
        List<WorkerId> workers =
                proposal.orders().stream().map(DrainOrder::worker).toList();
        return Alternative.of(
                cargo,
                JointPlans.asIfDraining(reader.fleet().snapshot(), Set.copyOf(workers)),
                workers,
                JointPlans.limits(proposal.orders().getFirst()));
    }

    /** Does exactly what the dry run said, or nothing. */
    @Transactional
    Execution execute(String id, String actor) {
        store.lockPlanning();
        Proposal proposal = proposals.find(id);
        if (proposal == null) {
            return new Execution.Unknown();
        }
        if (!proposal.drains().isEmpty()) {
            return new Execution.Begun(proposal.drains());
        }
        FleetSnapshot fleet = reader.fleet().snapshot();
        List<Difference> differences = differences(proposal, fleet);
        if (!differences.isEmpty()) {
            return new Execution.Stale(differences);
        }
        List<DrainOrder> orders = proposal.orders().stream()
                .map(order -> new DrainOrder(
                        order.worker(), actor, order.reason(), order.mode(), order.limits(), order.options()))
                .toList();
        List<DrainId> begun = adopt(orders, proposal.plans(), fleet);
        proposals.executed(id, begun);
        return new Execution.Begun(begun);
    }

    private List<Difference> differences(Proposal proposal, FleetSnapshot fleet) {
        List<Difference> draining = new ArrayList<>();
        for (DrainOrder order : proposal.orders()) {
            Drain open = store.open(order.worker());
            if (open != null) {
                draining.add(new Difference(
                        order.worker().value(), "was not being drained", "is being drained by " + open.id()));
            }
        }
        return draining.isEmpty() ? Difference.between(proposal, fleet) : draining;
    }

    /**
     * Plans anew what is left on the worker and is not on its way; true when there is a new plan, not where the answer is the one already
     * known. The worker is looked at by itself first: mostly nothing is left, and neither the fleet nor the lock is needed to see that.
     */
    @Transactional
    boolean again(Drain known) {
        FleetReading worker = reader.fleet(known.worker());
        if (isWrittenOff(worker, known.worker()) || !somethingLeft(worker.snapshot(), known.worker())) {
            return false;
        }
        store.lockPlanning();
        Drain drain = store.find(known.id());
        if (drain == null || !drain.moving()) {
            return false;
        }
        FleetReading reading = reader.fleet();
        FleetSnapshot fleet = reading.snapshot();
        if (isWrittenOff(reading, drain.worker()) || !somethingLeft(fleet, drain.worker())) {
            return false;
        }
        DrainPlan plan = anew(fleet, drain.order(), reader.migrations(drain.id()));
        StoredPlan before = reader.newestPlan(drain.id());
        if (plan.all().isEmpty() && before != null && before.plan().refusals().equals(plan.refusals())) {
            return false;
        }
        store.adopt(drain.id(), plan, fleet);
        return true;
    }

    /** Then nothing more leaves it, and what was on its way has been given up. */
    private static boolean isWrittenOff(FleetReading fleet, WorkerId worker) {
        FleetReading.WorkerReading reading = fleet.worker(worker);
        return reading != null && reading.writtenOff() != null;
    }

    /** While room that was made is still waited for, no more is made. */
    private static DrainPlan anew(FleetSnapshot fleet, DrainOrder order, List<MigrationRecord> tried) {
        ThirdParties thirdParties = ThirdParties.of(tried);
        List<ThirdPartyMove> underWay = thirdParties.underWay(fleet);
        Permission permission = order.limits().permission();
        Clearing clearing = permission.allowsNothing() || !underWay.isEmpty()
                ? Clearing.NONE
                : new Clearing(thirdParties.left(permission), spared(tried));
        DrainPlan plan = withoutHopeless(elsewhere(fleet, order, clearing, tried), tried);
        return ThirdParties.awaiting(plan, underWay);
    }

    /** What is not tried again is not moved for others' sake either, and nothing for its. */
    private static Set<String> spared(List<MigrationRecord> tried) {
        return tried.stream()
                .map(record -> record.migration().cargo().name())
                .filter(name -> hopeless(name, tried) != null)
                .collect(Collectors.toSet());
    }

    /** Away from workers where a migration of this drain failed, unless then less could be placed. */
    private static DrainPlan elsewhere(
            FleetSnapshot fleet, DrainOrder order, Clearing clearing, List<MigrationRecord> tried) {
        DrainPlan anywhere = JointPlans.of(fleet, List.of(order), clearing).getFirst();
        Set<WorkerId> failed = tried.stream()
                .filter(record -> !record.attempt().forgiven())
                .map(MigrationRecord::migration)
                .filter(Planning::failed)
                .map(Migration::destination)
                .collect(Collectors.toSet());
        if (failed.isEmpty()) {
            return anywhere;
        }
        DrainPlan elsewhere = JointPlans.of(asIfCordoned(fleet, failed), List.of(order), clearing)
                .getFirst();
        int fewer = Integer.compare(
                elsewhere.placements().size(), anywhere.placements().size());
        return fewer < 0
                        || (fewer == 0
                                && elsewhere.moves().isEmpty()
                                && !anywhere.moves().isEmpty())
                ? anywhere
                : elsewhere;
    }

    /** Being sent elsewhere by an operator, or given up because a host is lost, is no failure. */
    private static boolean failed(Migration migration) {
        Reason cause = migration.position().cause();
        return migration.state() == MigrationState.Terminal.ABORTED
                && cause != null
                && !cause.is(ReasonCode.DESTINATION_WITHDRAWN)
                && !cause.is(ReasonCode.DESTINATION_WRITTEN_OFF)
                && !cause.is(ReasonCode.SOURCE_WRITTEN_OFF);
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
            Reason reason = hopeless(placement.cargo().name(), tried);
            if (reason == null) {
                placements.add(placement);
            } else {
                hopeless.add(new Refusal(
                        placement.cargo().workloadId(), placement.cargo().volumeIds(), reason));
            }
        }
        List<Refusal> refusals =
                Stream.concat(plan.refusals().stream(), hopeless.stream()).toList();
        return new DrainPlan(plan.worker(), placements, refusals, plan.moves(), plan.forecast());
    }

    /** Why this cargo is not tried again; null while it may be. */
    private static @Nullable Reason hopeless(String cargo, List<MigrationRecord> tried) {
        List<Reason> failures = tried.stream()
                .filter(record -> !record.attempt().forgiven())
                .map(MigrationRecord::migration)
                .filter(migration ->
                        failed(migration) && migration.cargo().name().equals(cargo))
                .flatMap(migration -> Stream.ofNullable(migration.position().cause()))
                .toList();
        if (failures.stream().anyMatch(failure -> failure.is(ReasonCode.CANCELLED))) {
            return ReasonCode.ABORTED_BY_OPERATOR.because(
                    "An operator aborted the migration of " + cargo + ", so it stays where it is.");
        }
        if (failures.size() < MAX_ATTEMPTS) {
            return null;
        }
        Reason last = failures.getLast();
        return new Reason(
                last.code(),
                "Given up after " + failures.size() + " attempts: " + last.message(),
                last.remedy() + " Then retry the last of its migrations.");
    }
}
