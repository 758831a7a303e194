package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.Position;
import io.sluice.orchestrator.plan.DrainPlan;
import io.sluice.orchestrator.plan.DrainPlanner;
import io.sluice.orchestrator.plan.Placement;
import io.sluice.orchestrator.plan.PlanCheck;
import io.sluice.orchestrator.plan.PlanLimits;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Drains, thinly: plan, check, make migrations; plan again when something is still there and nothing is under way. */
final class SimulatedDrains {
    private final SimulatedStore store;
    private final Timeline timeline;
    private final Map<WorkerId, DrainPlan> plans = new LinkedHashMap<>();
    private final Set<WorkerId> cancelled = new LinkedHashSet<>();
    private long nextMigration = 1;

    SimulatedDrains(SimulatedStore store, Timeline timeline) {
        this.store = store;
        this.timeline = timeline;
    }

    void start(WorkerId worker) {
        cancelled.remove(worker);
        store.drain(worker, true);
        plan(worker);
    }

    Set<WorkerId> running() {
        Set<WorkerId> running = new LinkedHashSet<>(plans.keySet());
        running.removeAll(cancelled);
        return running;
    }

    void cancel(WorkerId worker) {
        if (plans.containsKey(worker)) {
            cancelled.add(worker);
            store.drain(worker, false);
            for (Migration migration : store.live()) {
                if (migration.source().equals(worker)) {
                    store.intend(migration.id(), Intent.ABORT);
                }
            }
        }
    }

    /** Plans what is left, where nothing is under way any more. */
    void tick() {
        for (WorkerId worker : running()) {
            if (store.live().stream().noneMatch(migration -> migration.source().equals(worker))) {
                plan(worker);
            }
        }
    }

    /** The latest plan. */
    DrainPlan plan(WorkerId worker) {
        FleetSnapshot fleet = store.fleet();
        DrainPlan plan = DrainPlanner.plan(fleet, worker, PlanLimits.DEFAULT);
        List<String> violations = PlanCheck.violations(plan, fleet, PlanLimits.DEFAULT);
        if (!violations.isEmpty()) {
            throw new AssertionError("the planner's plan is unsound: " + violations);
        }
        plans.put(worker, plan);
        List<Migration> made = new ArrayList<>();
        for (Placement placement : plan.placements()) {
            made.add(migration(worker, placement));
        }
        made.forEach(store::add);
        return plan;
    }

    private Migration migration(WorkerId worker, Placement placement) {
        long number = nextMigration++;
        return new Migration(
                new MigrationId("m" + number),
                new DrainId("drain-" + worker),
                placement.cargo(),
                new Migration.Route(worker, placement.destination(), placement.pools(), placement.engine()),
                // Rises over all migrations, so it is above every earlier one of these volumes.
                number,
                Intent.PROCEED,
                Position.planned(timeline.now()));
    }
}
