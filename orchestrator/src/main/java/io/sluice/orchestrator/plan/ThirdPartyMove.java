package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One cargo that a drain moves although it is not on the worker that is drained.
 *
 * @param source the worker it stands on, where the room is made
 * @param makesRoomFor name of the cargo that waits for the room
 */
public record ThirdPartyMove(WorkerId source, Placement placement, String makesRoomFor) {

    /** Why a cargo waits; the same words before its moves begin and until their room is seen to be free. */
    public static Reason awaited(String cargo, List<ThirdPartyMove> moves) {
        String leaving = moves.stream()
                .map(move -> move.placement().cargo().name() + " (to "
                        + move.placement().destination() + ")")
                .sorted()
                .collect(Collectors.joining(", "));
        return ReasonCode.WAITING_FOR_ROOM.because(cargo + " has no place yet and waits for room on "
                + moves.getFirst().source() + ", which is made by moving away " + leaving + ".");
    }
}
