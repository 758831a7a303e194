package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.List;

/** One run of the planner over one snapshot. */
record PlanRun(FleetSnapshot fleet, WorkerId worker, PlanLimits limits) {
    DrainPlan plan() {
        Refusal refusal =
                new Refusal(null, List.of(), ReasonCode.WORKER_UNKNOWN.because("No worker " + worker + " is known."));
        return new DrainPlan(worker, List.of(), List.of(refusal), new Forecast(0, null));
    }
}
