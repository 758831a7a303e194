package io.sluice.orchestrator.drain;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Worker;
import io.sluice.orchestrator.plan.Clearing;
import io.sluice.orchestrator.plan.DrainPlan;
import io.sluice.orchestrator.plan.DrainPlanner;
import io.sluice.orchestrator.plan.PlanCheck;
import io.sluice.orchestrator.plan.PlanLimits;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Plans for several workers that are drained together: none receives anything of another, and no room is given away twice. Pure.
 */
final class JointPlans {
    private JointPlans() {}

    /**
     * In the order of the workers; each verified.
     *
     * @param orders of one call: all with the same limits
     */
    static List<DrainPlan> of(FleetSnapshot fleet, List<DrainOrder> orders) {
        return orders.isEmpty()
                ? List.of()
                : of(fleet, orders, limits(orders.getFirst()).clearing());
    }

    /**
     * The same where not all may be moved that the orders permit.
     *
     * @param orders at least one
     */
    static List<DrainPlan> of(FleetSnapshot fleet, List<DrainOrder> orders, Clearing clearing) {
        PlanLimits limits = limits(orders.getFirst()).with(clearing);
        List<WorkerId> workers = orders.stream().map(DrainOrder::worker).toList();
        FleetSnapshot draining = asIfDraining(fleet, Set.copyOf(workers));
        List<DrainPlan> plans = DrainPlanner.plan(draining, workers, limits);
        List<String> violations = PlanCheck.violations(plans, draining, limits);
        if (!violations.isEmpty()) {
            throw new IllegalStateException("the plan for " + workers + " is unsound, nothing was done: " + violations);
        }
        return plans;
    }

    /** What is wrong with these plans for the fleet as it is; empty when they are sound. */
    static List<String> violations(FleetSnapshot fleet, List<DrainOrder> orders, List<DrainPlan> plans) {
        return orders.isEmpty()
                ? List.of()
                : PlanCheck.violations(
                        plans,
                        asIfDraining(
                                fleet, orders.stream().map(DrainOrder::worker).collect(Collectors.toSet())),
                        limits(orders.getFirst()));
    }

    static PlanLimits limits(DrainOrder order) {
        return new PlanLimits(
                PlanLimits.DEFAULT.headroomPercent(),
                order.perSource(),
                order.perDestination(),
                PlanLimits.DEFAULT.bytesPerSecond(),
                PlanLimits.DEFAULT.ceilings(),
                new Clearing(order.limits().permission(), Set.of()));
    }

    /** Stable over what all of them do together. */
    static String hash(List<DrainPlan> plans) {
        if (plans.size() == 1) {
            return plans.getFirst().hash();
        }
        String all = plans.stream().map(DrainPlan::hash).collect(Collectors.joining("\n"));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    static FleetSnapshot asIfDraining(FleetSnapshot fleet, Set<WorkerId> workers) {
        return new FleetSnapshot(
                fleet.workers().stream()
                        .map(one -> workers.contains(one.id())
                                ? new Worker(one.profile(), one.connected(), one.cordoned(), true, one.report())
                                : one)
                        .toList(),
                fleet.reservations());
    }
}
