package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One worker that a cargo does not go to.
 *
 * @param obstacle what keeps it from there with all the rest placed; null where it could go and the choice was another
 */
public record Alternative(WorkerId worker, @Nullable Obstacle obstacle) {

    /** All that one cargo was not sent to. Plans anew, so it costs as much as a plan. */
    public record Choice(@Nullable WorkerId destination, List<Alternative> others) {
        public Choice {
            others = List.copyOf(others);
        }
    }

    /** Null when nothing of that name leaves these workers, or nothing that could leave. */
    public static @Nullable Choice of(String cargo, FleetSnapshot fleet, List<WorkerId> workers, PlanLimits limits) {
        Packing packing = DrainPlanner.pack(fleet, workers, limits).packing();
        for (Demand demand : packing.demands()) {
            if (demand.cargo().name().equals(cargo)) {
                Load chosen = packing.where(demand);
                return new Choice(
                        chosen == null ? null : chosen.at().id(),
                        packing.loads().stream()
                                .filter(load -> !Objects.equals(load, chosen))
                                .map(load -> new Alternative(load.at().id(), obstacle(packing, demand, load)))
                                .toList());
            }
        }
        return null;
    }

    private static @Nullable Obstacle obstacle(Packing packing, Demand demand, Load load) {
        Obstacle unfit = packing.terrain().unfit(demand, load.at());
        return unfit == null ? load.shortOf(demand) : unfit;
    }
}
