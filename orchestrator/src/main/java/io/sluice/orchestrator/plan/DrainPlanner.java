package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.FleetSnapshot;

/** Says where everything on one worker goes, or why it cannot go. */
public final class DrainPlanner {
    private DrainPlanner() {}

    public static DrainPlan plan(FleetSnapshot fleet, WorkerId worker, PlanLimits limits) {
        return new PlanRun(fleet, worker, limits).plan();
    }
}
