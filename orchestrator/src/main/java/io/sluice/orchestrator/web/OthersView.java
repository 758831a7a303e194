package io.sluice.orchestrator.web;

import io.sluice.orchestrator.plan.Alternative;
import io.sluice.orchestrator.plan.Obstacle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why one cargo goes nowhere else, as the fleet is now and with everything else placed.
 *
 * @param of a workload, or a volume without one
 * @param destination null when it finds no place
 */
public record OthersView(String of, @Nullable String destination, List<OtherView> others) {

    /**
     * One worker it does not go to.
     *
     * @param code the obstacle, or WORSE_CHOICE where it could go as well
     */
    public record OtherView(String worker, String code, String message) {
        private static OtherView of(Alternative other) {
            Obstacle obstacle = other.obstacle();
            return obstacle == null
                    ? new OtherView(
                            other.worker().value(),
                            "WORSE_CHOICE",
                            "could take it, and would have less room left, or stand further off")
                    : new OtherView(other.worker().value(), obstacle.name(), "is " + obstacle.words());
        }
    }

    static OthersView of(String cargo, Alternative.Choice choice) {
        return new OthersView(
                cargo,
                choice.destination() == null ? null : choice.destination().value(),
                choice.others().stream().map(OtherView::of).toList());
    }
}
