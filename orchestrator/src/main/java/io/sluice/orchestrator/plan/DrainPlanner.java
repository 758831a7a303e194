package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadId;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Worker;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Says where everything on some workers goes, or why it cannot go. Filters ({@link Obstacle}) leave the suitable workers; of
 * these the one whose scarcest resource stays freest wins, away from members of the same group, with a bonus for the source's
 * zone; ties go to the lower id. Where this leaves something over, the plan is packed tighter and repaired; what is left over then
 * may have others moved out of its way, where the limits permit that. The same snapshot gives the same plan.
 */
public final class DrainPlanner {
    /** Trying other orders looks at every worker for every cargo: only while that is quick. */
    private static final long TIGHT_TRIES = 2_000_000;

    private DrainPlanner() {}

    public static DrainPlan plan(FleetSnapshot fleet, WorkerId worker, PlanLimits limits) {
        return plan(fleet, List.of(worker), limits).getFirst();
    }

    /**
     * Places everything on several workers together: never on one of them, and no room is given away twice.
     *
     * @param workers each once; their order is that of the answer
     */
    public static List<DrainPlan> plan(FleetSnapshot fleet, List<WorkerId> workers, PlanLimits limits) {
        if (new LinkedHashSet<>(workers).size() != workers.size()) {
            throw new IllegalArgumentException("each worker is drained once, not as in " + workers);
        }
        Packed packed = pack(fleet, workers, limits);
        Map<WorkerId, List<Placement>> placements = new LinkedHashMap<>();
        Map<WorkerId, List<Refusal>> refusals = packed.refusals();
        Packing packing = packed.packing();
        Map<Demand, List<ThirdPartyMove>> room = packed.room();
        Map<WorkerId, List<ThirdPartyMove>> moves = new LinkedHashMap<>();
        room.forEach((demand, some) -> moves.computeIfAbsent(demand.source().id(), id -> new ArrayList<>())
                .addAll(some));
        Explanation explanation = new Explanation(packing, packed.kept(), room);
        for (Demand demand : largestFirst(packing.demands())) {
            WorkerId source = demand.source().id();
            if (packing.where(demand) == null) {
                Cargo cargo = demand.cargo();
                refusals.computeIfAbsent(source, id -> new ArrayList<>())
                        .add(new Refusal(cargo.workloadId(), cargo.volumeIds(), explanation.refusal(demand)));
            } else {
                placements
                        .computeIfAbsent(source, id -> new ArrayList<>())
                        .add(packing.placement(demand, explanation.choice(demand)));
            }
        }
        Forecasts forecasts = Forecasts.of(placements, moves, fleet, limits);
        return workers.stream()
                .map(worker -> {
                    List<Placement> placed = placements.getOrDefault(worker, List.of());
                    List<ThirdPartyMove> moved = moves.getOrDefault(worker, List.of());
                    return new DrainPlan(
                            worker,
                            forecasts.inOrder(worker, placed),
                            refusals.getOrDefault(worker, List.of()),
                            moved,
                            forecasts.of(worker, placed, moved));
                })
                .toList();
    }

    /**
     * Everything that leaves with its place, what is kept back for something that stays, what others move for, and what cannot leave in
     * the state it is in.
     */
    record Packed(
            Packing packing,
            Map<WorkerId, List<Refusal>> refusals,
            Map<Demand, WorkloadId> kept,
            Map<Demand, List<ThirdPartyMove>> room) {}

    static Packed pack(FleetSnapshot fleet, List<WorkerId> workers, PlanLimits limits) {
        Map<WorkerId, List<Refusal>> refusals = new HashMap<>();
        List<Demand> demands = new ArrayList<>();
        Elsewhere elsewhere = Elsewhere.of(fleet, workers);
        for (WorkerId id : workers) {
            List<Refusal> refused = refusals.computeIfAbsent(id, key -> new ArrayList<>());
            Worker source = fleet.worker(id);
            if (source == null) {
                refused.add(wholly(ReasonCode.WORKER_UNKNOWN.because("No worker " + id + " is known.")));
            } else if (source.report() == null || !source.connected()) {
                refused.add(
                        wholly(ReasonCode.WORKER_NOT_REPORTING.because("Worker " + id + " has not reported lately.")));
            } else {
                Inventory inventory = Inventory.of(id, source.report(), elsewhere);
                refused.addAll(inventory.refusals());
                for (Cargo cargo : inventory.cargoes()) {
                    Rules rules = Rules.of(cargo.workload());
                    if (rules == null) {
                        refused.add(new Refusal(
                                cargo.workloadId(),
                                cargo.volumeIds(),
                                ReasonCode.PLACEMENT_LABEL_UNREADABLE.because(
                                        "Nobody can tell what a label of " + cargo.name() + " asks for.")));
                    } else {
                        demands.add(new Demand(demands.size(), cargo, source, rules));
                    }
                }
            }
        }
        Tried best = best(Terrain.of(fleet, workers, limits), demands, fleet, limits.clearing());
        return new Packed(best.packing(), refusals, best.kept(), best.room());
    }

    /** One way of packing, taken to its end, and what it kept back for something that stays. */
    private record Tried(Packing packing, Map<Demand, WorkloadId> kept, Map<Demand, List<ThirdPartyMove>> room) {
        static Tried of(Packing packing, FleetSnapshot fleet, Clearing clearing) {
            if (packing.placed() < packing.demands().size()) {
                Repair.repair(packing);
            }
            Spreading.spread(packing);
            Followers.place(packing);
            Map<Demand, WorkloadId> kept = Ties.keep(packing);
            return new Tried(packing, kept, MakingRoom.of(packing, kept, fleet, clearing));
        }

        boolean isBetterThan(Tried other) {
            return packing.placed() == other.packing.placed()
                    ? room.size() > other.room.size()
                    : packing.placed() > other.packing.placed();
        }

        /** Nothing could be done better by another way of packing. */
        boolean isWhole() {
            return packing.placed() == packing.demands().size();
        }
    }

    /** Where not everything finds a place at once, several ways of packing are tried to their end, and the one that leaves least is taken. */
    private static Tried best(Terrain terrain, List<Demand> demands, FleetSnapshot fleet, Clearing clearing) {
        Packing spread = Greedy.spread(new Packing(terrain, demands));
        List<Comparator<Demand>> orders =
                (long) demands.size() * terrain.destinations().size() <= TIGHT_TRIES
                        ? List.of(spread.lightestFirst().reversed(), spread.largestFirst(), spread.lightestFirst())
                        : List.of();
        Tried best = Tried.of(spread, fleet, clearing);
        for (Comparator<Demand> order : orders) {
            if (!best.isWhole()) {
                Tried tight = Tried.of(Greedy.tight(new Packing(terrain, demands), order), fleet, clearing);
                best = tight.isBetterThan(best) ? tight : best;
            }
        }
        return best;
    }

    private static List<Demand> largestFirst(List<Demand> demands) {
        return demands.stream()
                .sorted(Comparator.comparingLong(Demand::bytes)
                        .thenComparingLong(Demand::memoryBytes)
                        .reversed()
                        .thenComparing(demand -> demand.cargo().name()))
                .toList();
    }

    private static Refusal wholly(Reason reason) {
        return new Refusal(null, List.of(), reason);
    }
}
