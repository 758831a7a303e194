package io.sluice.agent.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.Incoming;
import io.sluice.agent.api.IncomingGoal;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is ordered of a clone that is in trouble. */
class CloneProblemTest {
    private static final Move MOVE = Move.of("m1", 5);
    private static final CloneProblem PROBLEM = new CloneProblem("BROKEN", FailureKind.OPERATOR, "it is broken");

    private static List<HostAction> plan(HydrationOrder inForce) {
        Standing standing = new Standing(VolumeRole.OWNED, 5, 5, MOVE.migration(), false, null, null);
        HostState state = new HostState(
                Instant.EPOCH,
                List.of(),
                List.of(new VolumeState(Move.V1, Move.POOL, Move.SIZE, 512, null, true, standing)),
                List.of(),
                List.of(),
                List.of(new CloneState(
                        MOVE.migration(),
                        Move.V1,
                        IncomingStage.CLONED,
                        null,
                        Applied.NOTHING_YET,
                        inForce,
                        null,
                        PROBLEM)),
                List.of(),
                List.of(),
                true);
        Incoming part = MOVE.incomingVolume("v1", IncomingGoal.HYDRATED);
        return HostPlanner.plan(Move.spec(new WorkerId("w"), 1, part), state).stream()
                .filter(action -> action instanceof HostAction.Hydrate || action instanceof HostAction.Refuse)
                .toList();
    }

    @Test
    void itIsTold() {
        assertThat(plan(HydrationOrder.UNLIMITED))
                .singleElement()
                .isInstanceOfSatisfying(
                        HostAction.Refuse.class,
                        refusal -> assertThat(refusal.code()).isEqualTo("BROKEN"));
    }

    /** It may copy in spite of its problem: a new ceiling is for it, too. */
    @Test
    void aNewOrderComesFirst() {
        List<HostAction> plan = plan(new HydrationOrder(1L << 20, false));
        assertThat(plan).hasSize(2);
        assertThat(plan.getFirst()).isInstanceOf(HostAction.Hydrate.class);
        assertThat(plan.getLast()).isInstanceOf(HostAction.Refuse.class);
    }
}
