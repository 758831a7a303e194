package io.sluice.orchestrator.drain;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.plan.DrainPlan;
import io.sluice.orchestrator.plan.Placement;
import io.sluice.orchestrator.plan.Refusal;
import io.sluice.orchestrator.plan.ThirdPartyMove;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One thing that is not any more as a dry run found it, so that exactly that cannot be done. A destination that only became a
 * worse choice is none. Pure.
 *
 * @param subject a workload, a volume that moves alone, or a worker
 * @param planned as the plan has it
 * @param now as it is
 */
public record Difference(String subject, String planned, String now) {

    /** Empty when the proposal can be executed as it is. */
    static List<Difference> between(Proposal proposal, FleetSnapshot fleet) {
        List<Difference> found = new ArrayList<>();
        List<DrainPlan> fresh = JointPlans.of(fleet, proposal.orders());
        for (int i = 0; i < fresh.size(); i++) {
            compare(proposal.plans().get(i), fresh.get(i), found);
            compareMoves(proposal.plans().get(i), fresh.get(i), found);
        }
        if (found.isEmpty()) {
            JointPlans.violations(fleet, proposal.orders(), proposal.plans())
                    .forEach(violation -> found.add(new Difference("the fleet", "as it was", violation)));
        }
        return found;
    }

    private static void compare(DrainPlan planned, DrainPlan fresh, List<Difference> found) {
        Map<String, Placement> placed = placed(fresh);
        Map<String, String> refused = refused(fresh);
        Map<String, String> refusedBefore = refused(planned);
        for (Placement before : planned.placements()) {
            String name = before.cargo().name();
            String goes = "goes to " + before.destination();
            Placement after = placed.remove(name);
            String refusal = refused.get(name);
            if (refusal != null) {
                found.add(new Difference(name, goes, refusal));
            } else if (after == null) {
                found.add(new Difference(
                        name, goes, "is not on " + planned.worker() + " any more, or leaves it already"));
            } else if (!words(before.cargo()).equals(words(after.cargo()))) {
                found.add(new Difference(name, words(before.cargo()), words(after.cargo())));
            }
        }
        placed.forEach((name, after) -> found.add(new Difference(
                name, refusedBefore.getOrDefault(name, "was not there"), "can go to " + after.destination())));
        refused.forEach((name, refusal) -> {
            boolean wasPlaced = planned.placements().stream()
                    .anyMatch(before -> before.cargo().name().equals(name));
            if (!wasPlaced && !refusedBefore.containsKey(name)) {
                found.add(new Difference(name, "was not there", refusal));
            }
        });
    }

    /** What is moved of others must be the same, from the same workers and for the same sake; to where may become a worse choice. */
    private static void compareMoves(DrainPlan planned, DrainPlan fresh, List<Difference> found) {
        Map<String, String> now = moves(fresh);
        moves(planned).forEach((name, before) -> {
            String after = now.remove(name);
            if (!before.equals(after)) {
                found.add(new Difference(name, before, after == null ? "would not be moved" : after));
            }
        });
        now.forEach((name, after) -> found.add(new Difference(name, "was not to be moved", after)));
    }

    private static Map<String, String> moves(DrainPlan plan) {
        Map<String, String> moves = new LinkedHashMap<>();
        for (ThirdPartyMove move : plan.moves()) {
            Cargo cargo = move.placement().cargo();
            moves.put(
                    cargo.name(),
                    "leaves " + move.source() + " to make room for " + move.makesRoomFor() + ", " + words(cargo));
        }
        return moves;
    }

    private static Map<String, Placement> placed(DrainPlan plan) {
        Map<String, Placement> placed = new LinkedHashMap<>();
        plan.placements().forEach(placement -> placed.put(placement.cargo().name(), placement));
        return placed;
    }

    private static Map<String, String> refused(DrainPlan plan) {
        Map<String, String> refused = new LinkedHashMap<>();
        plan.refusals()
                .forEach(refusal -> refused.put(
                        name(refusal, plan.worker()),
                        "is refused: " + refusal.reason().code()));
        return refused;
    }

    private static String name(Refusal refusal, WorkerId worker) {
        if (refusal.workload() != null) {
            return refusal.workload().value();
        }
        return refusal.volumes().isEmpty()
                ? worker.value()
                : refusal.volumes().getFirst().value();
    }

    /** What of a cargo its move depends on. */
    private static String words(Cargo cargo) {
        List<String> volumes = cargo.volumes().stream()
                .map(volume -> volume.id() + " of " + volume.sizeBytes() + " bytes in blocks of " + volume.blockBytes())
                .toList();
        return (cargo.workload() == null ? "" : cargo.wasRunning() ? "runs, with " : "is stopped, with ") + volumes;
    }
}
