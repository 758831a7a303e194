package io.sluice.orchestrator.plan;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Moves members of groups out of racks and zones in which others of their group stand, where that can be had without leaving
 * anything behind: by going elsewhere, or by changing places with another cargo of this plan. Bounded in tries.
 */
final class Spreading {
    private static final long WORK = 200_000;

    private final Packing packing;
    private final long end;

    private Spreading(Packing packing) {
        this.packing = packing;
        this.end = packing.attempts() + WORK;
    }

    static void spread(Packing packing) {
        Spreading spreading = new Spreading(packing);
        boolean better = true;
        while (better && packing.attempts() < spreading.end) {
            better = false;
            for (Demand demand : spreading.crowded()) {
                better |= spreading.relieve(demand);
            }
        }
    }

    private List<Demand> crowded() {
        return packing.demands().stream()
                .filter(demand -> packing.crowdingOf(demand) > 0)
                .sorted(Comparator.comparing(demand -> demand.cargo().name()))
                .toList();
    }

    private boolean relieve(Demand demand) {
        Load from = packing.where(demand);
        if (from == null) {
            return false;
        }
        long now = packing.crowdingOf(demand);
        Packing.Mark mark = packing.mark(List.of(demand));
        packing.take(demand);
        for (Load load : packing.loads()) {
            if (packing.mayGo(demand, load) && packing.crowding(demand, load.at()) < now) {
                if (packing.put(demand, load)) {
                    return true;
                }
                if (packing.attempts() < end && change(demand, load, from, now)) {
                    return true;
                }
            }
        }
        packing.restore(mark);
        return false;
    }

    /** The cargo takes the place of another there, which goes where the cargo was, or anywhere. */
    private boolean change(Demand demand, Load load, Load from, long before) {
        for (Demand other : List.copyOf(load.placed())) {
            Packing.Mark mark = packing.mark(List.of(other));
            long limit = before + packing.crowdingOf(other);
            packing.take(other);
            if (packing.put(demand, load)) {
                if (elsewhere(other, load, from) && packing.crowdingOf(demand) + packing.crowdingOf(other) < limit) {
                    return true;
                }
                packing.take(demand);
            }
            packing.restore(mark);
            if (packing.attempts() >= end) {
                return false;
            }
        }
        return false;
    }

    private boolean elsewhere(Demand demand, Load not, @Nullable Load first) {
        if (first != null && packing.put(demand, first)) {
            return true;
        }
        for (Load load : packing.loads()) {
            if (!load.equals(not) && packing.mayGo(demand, load) && packing.put(demand, load)) {
                return true;
            }
        }
        return false;
    }
}
