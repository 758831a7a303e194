package io.sluice.orchestrator.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Places what must be near to something that leaves by the same plan: once that has its place, the zone it goes to counts as
 * one where it stands. Comes last, for from then on it may not be moved any more.
 */
final class Followers {
    /** How many cargoes are brought into one zone at once. */
    private static final int PARTY = 8;

    private final Packing packing;

    private Followers(Packing packing) {
        this.packing = packing;
    }

    static void place(Packing packing) {
        Followers followers = new Followers(packing);
        boolean more = true;
        while (more) {
            more = false;
            Map<String, Set<String>> joined = joined(packing);
            for (Demand demand : packing.left()) {
                if (!demand.rules().near().isEmpty()
                        && (followers.place(demand, joined) || followers.together(demand))) {
                    more = true;
                    joined = joined(packing);
                }
            }
        }
        followers.besideWhatStays();
    }

    /** What is left may also go where something that stays keeps it company, as long as that does not leave after all. */
    private void besideWhatStays() {
        for (Demand demand : packing.left()) {
            if (!demand.rules().near().isEmpty()) {
                place(demand, provided(packing));
                if (!everybodyIsServed()) {
                    packing.take(demand);
                }
            }
        }
    }

    /** The zones in which members of each group stand by this plan: those they go to, and those they do not leave. */
    static Map<String, Set<String>> provided(Packing packing) {
        Map<String, Set<String>> provided = joined(packing);
        for (Demand demand : packing.left()) {
            String zone = Place.zone(demand.source());
            if (demand.group() != null && zone != null) {
                provided.computeIfAbsent(demand.group(), group -> new HashSet<>())
                        .add(zone);
            }
        }
        return provided;
    }

    /** The zones to which members of each group go by this plan. */
    private static Map<String, Set<String>> joined(Packing packing) {
        Map<String, Set<String>> joined = new HashMap<>();
        for (Demand demand : packing.demands()) {
            Load load = packing.where(demand);
            if (load != null && demand.group() != null && load.at().zone() != null) {
                joined.computeIfAbsent(demand.group(), group -> new HashSet<>())
                        .add(load.at().zone());
            }
        }
        return joined;
    }

    /** Into one zone with all it must be near to, also what already had its place in another. */
    private boolean together(Demand demand) {
        Set<String> zones = new TreeSet<>();
        packing.loads().stream()
                .map(load -> load.at().zone())
                .filter(Objects::nonNull)
                .forEach(zones::add);
        return packing.where(demand) == null && zones.stream().anyMatch(zone -> together(demand, zone));
    }

    private boolean together(Demand demand, String zone) {
        List<Demand> party = new ArrayList<>();
        if (!invite(demand, zone, party)) {
            return false;
        }
        Packing.Mark mark = packing.mark(party);
        int before = packing.placed();
        party.forEach(packing::take);
        Map<String, Set<String>> joined = joined(packing);
        for (Demand member : party) {
            if (member.group() != null) {
                joined.computeIfAbsent(member.group(), group -> new HashSet<>()).add(zone);
            }
        }
        boolean all = party.stream().allMatch(member -> place(member, joined, zone));
        if (all && packing.placed() > before && everybodyIsServed()) {
            return true;
        }
        packing.restore(mark);
        return false;
    }

    /** Adds the cargo and, of each group it would miss in the zone, one that leaves as well; false when there is none. */
    private boolean invite(Demand demand, String zone, List<Demand> party) {
        party.add(demand);
        for (String wanted : demand.rules().near()) {
            if (packing.terrain().stands(wanted, zone, Map.of())
                    || party.stream().anyMatch(member -> wanted.equals(member.group()))) {
                continue;
            }
            Demand other = packing.demands().stream()
                    .filter(candidate -> wanted.equals(candidate.group()))
                    .findFirst()
                    .orElse(null);
            if (other == null || party.size() >= PARTY || !invite(other, zone, party)) {
                return false;
            }
        }
        return true;
    }

    private boolean everybodyIsServed() {
        Map<String, Set<String>> joined = provided(packing);
        return packing.demands().stream()
                .filter(demand -> !demand.rules().near().isEmpty())
                .allMatch(demand -> {
                    Load load = packing.where(demand);
                    return load == null || packing.terrain().unfit(demand, load.at(), joined) == null;
                });
    }

    private boolean place(Demand demand, Map<String, Set<String>> joined) {
        return place(demand, joined, null);
    }

    /**
     * @param zone null is any
     */
    private boolean place(Demand demand, Map<String, Set<String>> joined, @Nullable String zone) {
        Load best = null;
        int[] bestFit = new int[0];
        long bestScore = Long.MIN_VALUE;
        for (Load load : packing.loads()) {
            if ((zone == null || zone.equals(load.at().zone()))
                    && packing.terrain().unfit(demand, load.at(), joined) == null) {
                int[] fit = packing.roomFor(demand, load);
                if (fit != null) {
                    long score = load.freeShareWith(demand, fit) - packing.crowding(demand, load.at());
                    if (score > bestScore) {
                        best = load;
                        bestFit = fit;
                        bestScore = score;
                    }
                }
            }
        }
        if (best != null) {
            packing.put(demand, best, bestFit);
        }
        return best != null;
    }
}
