package io.sluice.orchestrator.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Puts cargoes one after another where each is best off, and never looks back. */
final class Greedy {
    /** In thousandths of a worker: standing in the source's zone is worth this much free room. */
    static final long SAME_ZONE = 50;

    /** Of so many workers that can take it, freest first, the best is as good as the best of all. */
    private static final int ENOUGH = 200;

    private Greedy() {}

    /**
     * Heaviest first, each where the scarcest resource stays freest and no member of its group is near; ties go to the lower id.
     * The workers are kept in the order of their free share, so that few of a large fleet are looked at.
     */
    static Packing spread(Packing packing) {
        new Spread(packing).run();
        return packing;
    }

    /** Each where least is left, which keeps large gaps open for others; looks at every worker. */
    static Packing tight(Packing packing, Comparator<Demand> order) {
        for (Demand demand : packing.demands().stream().sorted(order).toList()) {
            Load tightest = null;
            double least = Double.MAX_VALUE;
            for (Load load : packing.loads()) {
                if (load.slack() < least && packing.fit(demand, load) != null) {
                    tightest = load;
                    least = load.slack();
                }
            }
            if (tightest != null) {
                packing.put(demand, tightest);
            }
        }
        return packing;
    }

    private static final class Spread {
        private static final Comparator<Ranked> FREEST_FIRST = Comparator.comparingLong(Ranked::share)
                .reversed()
                .thenComparingInt(ranked -> ranked.load().at().index());

        private final Packing packing;
        private final NavigableSet<Ranked> all = new TreeSet<>(FREEST_FIRST);
        private final Map<String, NavigableSet<Ranked>> byZone = new HashMap<>();
        private @Nullable Load best;
        private int[] bestPools = new int[0];
        private long bestScore;

        private record Ranked(long share, Load load) {}

        Spread(Packing packing) {
            this.packing = packing;
            packing.loads().stream().filter(load -> load.at().closed() == null).forEach(this::rank);
        }

        private void rank(Load load) {
            Ranked ranked = new Ranked(load.freeShare(), load);
            all.add(ranked);
            if (load.at().zone() != null) {
                byZone.computeIfAbsent(load.at().zone(), zone -> new TreeSet<>(FREEST_FIRST))
                        .add(ranked);
            }
        }

        private void unrank(Load load) {
            Ranked ranked = new Ranked(load.freeShare(), load);
            all.remove(ranked);
            if (load.at().zone() != null) {
                byZone.getOrDefault(load.at().zone(), new TreeSet<>(FREEST_FIRST))
                        .remove(ranked);
            }
        }

        void run() {
            List<Demand> order = new ArrayList<>(packing.demands());
            order.sort(packing.lightestFirst().reversed());
            for (Demand demand : order) {
                best = null;
                bestScore = Long.MIN_VALUE;
                String zone = Place.zone(demand.source());
                if (zone != null && byZone.containsKey(zone)) {
                    look(demand, byZone.get(zone), SAME_ZONE);
                }
                look(demand, all, 0);
                if (best != null) {
                    unrank(best);
                    packing.put(demand, best, bestPools);
                    rank(best);
                }
            }
        }

        private void look(Demand demand, NavigableSet<Ranked> ranking, long bonus) {
            int able = 0;
            for (Ranked ranked : ranking) {
                if (ranked.share() + bonus < bestScore || able >= ENOUGH) {
                    return;
                }
                Load load = ranked.load();
                int[] fit = packing.fit(demand, load);
                if (fit != null) {
                    long crowding = packing.crowding(demand, load.at());
                    consider(load, fit, load.freeShareWith(demand, fit) + bonus - crowding);
                    able += crowding == 0 ? 1 : 0;
                }
            }
        }

        private void consider(Load load, int[] fit, long score) {
            if (best == null
                    || score > bestScore
                    || (score == bestScore && load.at().index() < best.at().index())) {
                best = load;
                bestPools = fit;
                bestScore = score;
            }
        }
    }
}
