package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadId;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * For what found no place: what stands on a worker it may go to and could stand elsewhere, so that it fits once that is gone. The
 * fewest moves up to two, and of these the fewest bytes; more than two by adding up. Each fits elsewhere beside all that stands and all
 * that this plan places. A worker on which room is made takes nothing else in this plan. Bounded in tries.
 */
final class MakingRoom {
    /** Tries to fit something, in all: some tens of milliseconds. */
    private static final long WORK = 300_000;

    /** So many workers are considered for one cargo, those that lack least first. */
    private static final int CHOICES = 128;

    private final Packing packing;
    private final Clearing clearing;
    private final StandingCargoes standing;
    private final List<Load> homes;
    private final Map<WorkerId, Permission> left = new HashMap<>();
    private final Map<Demand, List<ThirdPartyMove>> made = new LinkedHashMap<>();
    private final Set<Load> promised = new HashSet<>();
    private final List<Settled> settledAll = new ArrayList<>();
    private final Set<Demand> moved = new HashSet<>();
    private final Set<String> movedGroups = new HashSet<>();
    private long tries;

    /** Some that could leave one worker. */
    private record Choice(Load at, List<Demand> leaving, long bytes) {
        static Choice of(Load at, List<Demand> leaving) {
            return new Choice(
                    at, leaving, leaving.stream().mapToLong(Demand::bytes).sum());
        }
    }

    /** One of them where it found a place; no record, as those compare arrays by identity. */
    private static final class Settled {
        private final Demand demand;
        private final Load load;
        private final int[] pools;

        Settled(Demand demand, Load load, int[] pools) {
            this.demand = demand;
            this.load = load;
            this.pools = pools;
        }

        void put() {
            load.put(demand, pools);
        }

        void take() {
            load.take(demand, pools);
        }
    }

    private MakingRoom(Packing packing, Clearing clearing, StandingCargoes standing) {
        this.packing = packing;
        this.clearing = clearing;
        this.standing = standing;
        this.homes = packing.loads().stream()
                .filter(load -> load.at().closed() == null)
                .sorted(Comparator.comparingLong((Load load) -> -load.freeShare())
                        .thenComparingInt(load -> load.at().index()))
                .toList();
    }

    /**
     * What is to be moved for the sake of each; puts it where it goes, so that nothing else is put there.
     *
     * @param kept what stays for other reasons than room
     */
    static Map<Demand, List<ThirdPartyMove>> of(
            Packing packing, Map<Demand, WorkloadId> kept, FleetSnapshot fleet, Clearing clearing) {
        if (clearing.permission().allowsNothing()
                || packing.placed() == packing.demands().size()) {
            return Map.of();
        }
        List<Demand> waiting = packing.left().stream()
                .filter(demand -> !kept.containsKey(demand)
                        && !clearing.spared().contains(demand.cargo().name()))
                .toList();
        Map<Demand, List<Load>> targets = new HashMap<>();
        Set<WorkerId> workers = new LinkedHashSet<>();
        for (Demand demand : waiting) {
            List<Load> some = targets(packing, demand);
            targets.put(demand, some);
            some.forEach(load -> workers.add(load.at().id()));
        }
        StandingCargoes standing = StandingCargoes.of(packing, fleet, workers);
        MakingRoom lightestFirst = new MakingRoom(packing, clearing, standing).run(waiting, targets);
        if (lightestFirst.made.size() == waiting.size() || waiting.size() == 1) {
            return lightestFirst.made;
        }
        lightestFirst.undo();
        MakingRoom heaviestFirst = new MakingRoom(packing, clearing, standing).run(waiting.reversed(), targets);
        if (heaviestFirst.made.size() > lightestFirst.made.size()) {
            return heaviestFirst.made;
        }
        heaviestFirst.undo();
        lightestFirst.settledAll.forEach(Settled::put);
        return lightestFirst.made;
    }

    private MakingRoom run(List<Demand> waiting, Map<Demand, List<Load>> targets) {
        waiting.forEach(demand -> make(demand, targets.getOrDefault(demand, List.of())));
        return this;
    }

    private void undo() {
        settledAll.forEach(Settled::take);
    }

    /** Where it may go, room apart; first those that lack the fewest bytes. */
    private static List<Load> targets(Packing packing, Demand demand) {
        return packing.loads().stream()
                .filter(load -> packing.mayGo(demand, load))
                .sorted(Comparator.comparingLong((Load load) -> -free(load))
                        .thenComparingInt(load -> load.at().index()))
                .limit(CHOICES)
                .toList();
    }

    private static long free(Load load) {
        long free = 0;
        for (int i = 0; i < load.at().pools(); i++) {
            free += load.free(i);
        }
        return free;
    }

    private void make(Demand demand, List<Load> targets) {
        Permission permission = left.computeIfAbsent(demand.source().id(), id -> clearing.permission());
        Map<Load, List<Demand>> movable = new LinkedHashMap<>();
        for (Load load : targets) {
            if (!promised.contains(load) && !permission.allowsNothing()) {
                List<Demand> some = standing.on(load.at().id()).stream()
                        .filter(other -> mayLeave(other, permission))
                        .toList();
                if (!some.isEmpty()) {
                    movable.put(load, some);
                }
            }
        }
        if (!settleFirst(demand, singles(demand, movable), permission)
                && !settleFirst(demand, pairs(demand, movable, permission), permission)) {
            settleFirst(demand, more(demand, movable, permission), permission);
        }
    }

    private boolean mayLeave(Demand other, Permission permission) {
        return !moved.contains(other)
                && !clearing.spared().contains(other.cargo().name())
                && permission.covers(other.volumes(), other.bytes())
                && (other.group() == null || !movedGroups.contains(other.group()));
    }

    private List<Choice> singles(Demand demand, Map<Load, List<Demand>> movable) {
        List<Choice> choices = new ArrayList<>();
        movable.forEach((load, some) -> {
            for (Demand other : some) {
                consider(demand, load, List.of(other), choices);
            }
        });
        return choices;
    }

    private List<Choice> pairs(Demand demand, Map<Load, List<Demand>> movable, Permission permission) {
        List<Choice> choices = new ArrayList<>();
        movable.forEach((load, some) -> {
            for (int i = 0; i < some.size(); i++) {
                for (int j = i + 1; j < some.size() && tries < WORK; j++) {
                    List<Demand> pair = largestFirst(List.of(some.get(i), some.get(j)));
                    if (mayLeaveTogether(pair, permission)) {
                        consider(demand, load, pair, choices);
                    }
                }
            }
        });
        return choices;
    }

    /** One after the other until it fits, smallest first and largest first; then those are left out again that it fits without. */
    private List<Choice> more(Demand demand, Map<Load, List<Demand>> movable, Permission permission) {
        List<Choice> choices = new ArrayList<>();
        movable.forEach((load, some) -> {
            List<Demand> largest = largestFirst(some);
            addUp(demand, load, largest.reversed(), permission, choices);
            addUp(demand, load, largest, permission, choices);
        });
        return choices;
    }

    private void addUp(Demand demand, Load load, List<Demand> order, Permission permission, List<Choice> choices) {
        List<Demand> leaving = new ArrayList<>();
        for (Demand other : order) {
            leaving.add(other);
            if (!mayLeaveTogether(leaving, permission)) {
                leaving.removeLast();
            } else if (fitsWithout(demand, load, leaving)) {
                for (Demand one : largestFirst(leaving)) {
                    List<Demand> fewer = new ArrayList<>(leaving);
                    fewer.remove(one);
                    if (fitsWithout(demand, load, fewer)) {
                        leaving = fewer;
                    }
                }
                choices.add(Choice.of(load, largestFirst(leaving)));
                return;
            }
        }
    }

    private static List<Demand> largestFirst(List<Demand> demands) {
        return demands.stream()
                .sorted(Comparator.comparingLong((Demand other) -> -other.bytes())
                        .thenComparing(other -> other.cargo().name()))
                .toList();
    }

    private static boolean mayLeaveTogether(List<Demand> leaving, Permission permission) {
        int volumes = 0;
        long bytes = 0;
        Set<String> groups = new HashSet<>();
        for (Demand other : leaving) {
            volumes += other.volumes();
            bytes += other.bytes();
            if (other.group() != null && !groups.add(other.group())) {
                return false;
            }
        }
        return permission.covers(volumes, bytes);
    }

    private void consider(Demand demand, Load load, List<Demand> leaving, List<Choice> choices) {
        if (fitsWithout(demand, load, leaving)) {
            choices.add(Choice.of(load, leaving));
        }
    }

    private boolean fitsWithout(Demand demand, Load load, List<Demand> leaving) {
        if (tries >= WORK) {
            return false;
        }
        tries++;
        return packing.roomFor(demand, load.without(leaving)) != null;
    }

    private boolean settleFirst(Demand demand, List<Choice> choices, Permission permission) {
        choices.sort(Comparator.comparingLong(Choice::bytes)
                .thenComparingInt(choice -> choice.leaving().size())
                .thenComparingInt(choice -> choice.at().at().index())
                .thenComparing(choice -> choice.leaving().getFirst().cargo().name()));
        for (Choice choice : choices) {
            List<Settled> settled = new ArrayList<>();
            if (settle(choice, settled)) {
                keep(demand, choice, settled, permission);
                return true;
            }
        }
        return false;
    }

    /** Finds a place for each that leaves, going back where the next then finds none. */
    private boolean settle(Choice choice, List<Settled> settled) {
        if (settled.size() == choice.leaving().size()) {
            return true;
        }
        Demand next = choice.leaving().get(settled.size());
        for (Load home : homes) {
            if (tries >= WORK) {
                return false;
            }
            tries++;
            if (home.equals(choice.at()) || promised.contains(home)) {
                continue;
            }
            int[] pools = home.fit(next);
            if (pools != null && standing.mayMove(next, home.at())) {
                Settled one = new Settled(next, home, pools);
                one.put();
                settled.add(one);
                if (settle(choice, settled)) {
                    return true;
                }
                settled.removeLast();
                one.take();
            }
        }
        return false;
    }

    private void keep(Demand demand, Choice choice, List<Settled> settled, Permission permission) {
        List<ThirdPartyMove> moves = new ArrayList<>();
        int volumes = 0;
        for (Settled one : settled) {
            Cargo cargo = one.demand.cargo();
            volumes += one.demand.volumes();
            moved.add(one.demand);
            if (cargo.group() != null) {
                movedGroups.add(cargo.group());
            }
            String why = "makes room on " + choice.at().at().id() + " for "
                    + demand.cargo().name() + ", which fits nowhere as the fleet stands";
            moves.add(new ThirdPartyMove(
                    choice.at().at().id(),
                    Packing.placement(one.demand, one.load, one.pools, List.of(why)),
                    demand.cargo().name()));
        }
        settledAll.addAll(settled);
        promised.add(choice.at());
        left.put(demand.source().id(), permission.less(volumes, choice.bytes()));
        made.put(demand, List.copyOf(moves));
    }
}
