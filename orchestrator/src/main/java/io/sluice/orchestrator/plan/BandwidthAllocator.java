package io.sluice.orchestrator.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Shares links between flows, max-min fairly by weight: nobody gets more while somebody with less could have it. Progressive
 * filling (Bertsekas and Gallager, Data Networks, §6.5.2): the rate of all flows rises in step with their weights; where a
 * link is full, its flows have their rates. Whole bytes, rounded down, so that no ceiling is exceeded by a single one; what
 * rounding leaves goes to the flows in their order. Pure.
 */
public final class BandwidthAllocator {
    /** Demand of a flow that takes what it gets; rate of a flow that nothing holds back. */
    public static final long UNLIMITED = Long.MAX_VALUE;

    /** Weights up to here keep every product within a long for a million flows. */
    public static final int MAX_WEIGHT = 1_000_000;

    private BandwidthAllocator() {}

    /**
     * Something that wants bandwidth.
     *
     * @param links it crosses; those without a ceiling do not matter
     * @param weight 1 to {@link #MAX_WEIGHT}; twice the weight is twice the rate on the same bottleneck
     * @param demandBytesPerSecond what it can use at most
     */
    public record Flow<L>(Set<L> links, int weight, long demandBytesPerSecond) {
        public Flow {
            // in the order given, so that the same flows always get the same bytes
            links = Collections.unmodifiableSet(new LinkedHashSet<>(links));
            if (weight < 1 || weight > MAX_WEIGHT || demandBytesPerSecond < 0) {
                throw new IllegalArgumentException("a flow has a weight of 1 to " + MAX_WEIGHT
                        + " and a demand of at least 0, not " + weight + " and " + demandBytesPerSecond);
            }
        }
    }

    /**
     * Bytes/s of each flow, in their order.
     *
     * @param ceilings bytes/s of the links that have one, 0 for a link that lets nothing through
     */
    public static <L> List<Long> share(List<Flow<L>> flows, Map<L, Long> ceilings) {
        return new Filling<>(flows, ceilings).rates();
    }

    /** One allocation while it is being made. */
    private static final class Filling<L> {
        private final List<Flow<L>> flows;
        private final List<List<Stretch>> paths = new ArrayList<>();
        private final List<Stretch> stretches = new ArrayList<>();
        private final long[] rates;
        private final boolean[] settled;

        Filling(List<Flow<L>> flows, Map<L, Long> ceilings) {
            this.flows = flows;
            this.rates = new long[flows.size()];
            this.settled = new boolean[flows.size()];
            Map<L, Stretch> known = new HashMap<>();
            for (int i = 0; i < flows.size(); i++) {
                paths.add(path(i, ceilings, known));
            }
        }

        private List<Stretch> path(int flow, Map<L, Long> ceilings, Map<L, Stretch> known) {
            List<Stretch> path = new ArrayList<>();
            for (L link : flows.get(flow).links()) {
                Long ceiling = ceilings.get(link);
                if (ceiling == null) {
                    continue;
                }
                Stretch stretch = known.get(link);
                if (stretch == null) {
                    stretch = new Stretch(ceiling);
                    known.put(link, stretch);
                    stretches.add(stretch);
                }
                stretch.enter(flow, flows.get(flow).weight());
                path.add(stretch);
            }
            return path;
        }

        List<Long> rates() {
            fill();
            spread(1);
            spread(UNLIMITED);
            List<Long> result = new ArrayList<>(rates.length);
            for (long rate : rates) {
                result.add(rate);
            }
            return result;
        }

        /**
         * Each link waits in the queue under a level that was true once; levels only rise, so one that has risen since is put
         * back, and the first that has not is the fullest of all.
         */
        private void fill() {
            PriorityQueue<Level> full = new PriorityQueue<>();
            stretches.forEach(stretch -> full.add(stretch.level()));
            List<Integer> byDemand = flowsByDemand();
            int next = 0;
            while (true) {
                while (next < byDemand.size() && settled[byDemand.get(next)]) {
                    next++;
                }
                Level level = full.peek();
                if (level != null && level.isStale()) {
                    full.remove();
                    if (level.stretch().weight > 0) {
                        full.add(level.stretch().level());
                    }
                } else if (next < byDemand.size()
                        && (level == null || demandOf(byDemand.get(next)).below(level))) {
                    settle(byDemand.get(next), flows.get(byDemand.get(next)).demandBytesPerSecond());
                } else if (level == null) {
                    return;
                } else {
                    full.remove();
                    settleAll(level);
                }
            }
        }

        private List<Integer> flowsByDemand() {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < flows.size(); i++) {
                order.add(i);
            }
            order.sort(Comparator.comparing(this::demandOf, Ratio::compare));
            return order;
        }

        private Ratio demandOf(int flow) {
            return new Ratio(
                    flows.get(flow).demandBytesPerSecond(), flows.get(flow).weight());
        }

        private void settleAll(Level level) {
            for (int flow : level.stretch().flows) {
                if (!settled[flow]) {
                    settle(flow, level.ratio().times(flows.get(flow).weight()));
                }
            }
        }

        private void settle(int flow, long rate) {
            settled[flow] = true;
            rates[flow] = rate;
            for (Stretch stretch : paths.get(flow)) {
                stretch.leave(flows.get(flow).weight(), rate);
            }
        }

        /** Gives each flow in turn what is still free on all its links. */
        private void spread(long most) {
            for (int flow = 0; flow < rates.length; flow++) {
                long free = Math.min(most, flows.get(flow).demandBytesPerSecond() - rates[flow]);
                for (Stretch stretch : paths.get(flow)) {
                    free = Math.min(free, stretch.free);
                }
                rates[flow] += free;
                for (Stretch stretch : paths.get(flow)) {
                    stretch.free -= free;
                }
            }
        }
    }

    /** A link with a ceiling: what it has left, for whom. */
    private static final class Stretch {
        private final List<Integer> flows = new ArrayList<>();
        private long free;
        private long weight;

        Stretch(long ceiling) {
            if (ceiling < 0) {
                throw new IllegalArgumentException("a ceiling is not below 0: " + ceiling);
            }
            this.free = ceiling;
        }

        void enter(int flow, int flowWeight) {
            flows.add(flow);
            weight += flowWeight;
        }

        void leave(int flowWeight, long rate) {
            weight -= flowWeight;
            free -= rate;
        }

        Level level() {
            return new Level(this, new Ratio(free, weight));
        }
    }

    /** How high the rates per weight can rise until a link is full. */
    private record Level(Stretch stretch, Ratio ratio) implements Comparable<Level> {
        boolean isStale() {
            return ratio.amount() != stretch.free || ratio.weight() != stretch.weight;
        }

        @Override
        public int compareTo(Level other) {
            return ratio.compare(other.ratio);
        }
    }

    /** An amount per weight, compared and multiplied without rounding on the way. */
    private record Ratio(long amount, long weight) {
        int compare(Ratio other) {
            long high = Math.multiplyHigh(amount, other.weight);
            long otherHigh = Math.multiplyHigh(other.amount, weight);
            return high != otherHigh
                    ? Long.compare(high, otherHigh)
                    : Long.compareUnsigned(amount * other.weight, other.amount * weight);
        }

        boolean below(Level level) {
            return compare(level.ratio()) <= 0;
        }

        /** Rounded down. */
        long times(long factor) {
            return amount / weight * factor + amount % weight * factor / weight;
        }
    }
}
