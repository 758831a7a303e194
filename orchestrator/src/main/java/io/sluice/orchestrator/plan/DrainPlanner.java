package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Worker;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.ArrayList;
import java.util.List;

/**
 * Says where everything on one worker goes, or why it cannot go. Filters ({@link Obstacle}) leave the eligible workers; of
 * these the one whose scarcest resource stays freest wins, with a bonus for the source's zone; ties go to the lower id.
 */
public final class DrainPlanner {
    private DrainPlanner() {}

    public static DrainPlan plan(FleetSnapshot fleet, WorkerId worker, PlanLimits limits) {
        Worker source = fleet.worker(worker);
        if (source == null) {
            return refused(worker, ReasonCode.WORKER_UNKNOWN.because("No worker " + worker + " is known."));
        }
        if (source.report() == null || !source.connected()) {
            return refused(
                    worker, ReasonCode.WORKER_NOT_REPORTING.because("Worker " + worker + " has not reported lately."));
        }
        Inventory inventory = Inventory.of(worker, source.report(), fleet);
        List<Destination> destinations = fleet.workers().stream()
                .filter(other -> !other.id().equals(worker))
                .map(other -> Destination.of(other, fleet, limits))
                .toList();
        Packing packing = new Packing(source, destinations);
        List<Cargo> left = packing.place(inventory.cargoes());
        Explanation explanation = new Explanation(source, destinations, packing);
        List<Placement> placements = packing.spots().stream()
                .map(spot ->
                        new Placement(spot.cargo(), spot.destination().id(), spot.pools(), explanation.choice(spot)))
                .toList();
        List<Refusal> refusals = new ArrayList<>(inventory.refusals());
        left.forEach(
                cargo -> refusals.add(new Refusal(cargo.workloadId(), cargo.volumeIds(), explanation.refusal(cargo))));
        return new DrainPlan(worker, placements, refusals, Forecasts.of(placements, limits));
    }

    private static DrainPlan refused(WorkerId worker, Reason reason) {
        return new DrainPlan(worker, List.of(), List.of(new Refusal(null, List.of(), reason)), new Forecast(0, null));
    }
}
