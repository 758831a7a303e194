package io.sluice.orchestrator.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds room for what is left over by placing anew what this plan has already placed: clears a few destinations, packs them
 * again in another order, and keeps the outcome when more is placed, or as much that is lighter. What stands on a worker
 * already is never moved. Bounded in tries; the same plan is repaired in the same way.
 */
final class Repair {
    /** Tries to fit something, at least, for each cargo, and in all: some tens of milliseconds. */
    private static final long LEAST_WORK = 10_000;

    private static final long WORK_EACH = 3_000;
    private static final long MOST_WORK = 300_000;

    /** So many cargoes are packed anew at once: enough to change a few workers, few enough to hit a good order. */
    private static final int AT_ONCE = 24;

    /** So many possible destinations of one cargo are considered. */
    private static final int CHOICES = 256;

    private static final long SEED = 20_261_126;

    private final Packing packing;
    private final Dice dice = new Dice(SEED);
    private final Map<Demand, List<Load>> choices = new HashMap<>();

    private Repair(Packing packing) {
        this.packing = packing;
    }

    static void repair(Packing packing) {
        new Repair(packing).run();
    }

    private void run() {
        long work = LEAST_WORK + WORK_EACH * packing.demands().size();
        long end = packing.attempts() + Math.min(MOST_WORK, work);
        List<Demand> left = new ArrayList<>(hopeful());
        while (!left.isEmpty() && packing.attempts() < end) {
            packAnew(left);
        }
    }

    /** What is left over and would fit somewhere if the plan had nothing else. */
    private List<Demand> hopeful() {
        return packing.left().stream()
                .filter(demand -> !choices(demand).isEmpty())
                .toList();
    }

    /** Where the cargo would fit alone; spread over the fleet where these are many. */
    private List<Load> choices(Demand demand) {
        return choices.computeIfAbsent(demand, key -> {
            List<Load> able = packing.loads().stream()
                    .filter(load -> packing.mayGo(demand, load) && new Load(load.at()).fit(demand) != null)
                    .toList();
            int step = Math.max(1, able.size() / CHOICES);
            List<Load> some = new ArrayList<>();
            for (int i = 0; i < able.size() && some.size() < CHOICES; i += step) {
                some.add(able.get(i));
            }
            return some;
        });
    }

    private void packAnew(List<Demand> left) {
        Demand wanted = left.get(dice.roll(left.size()));
        List<Load> cleared = clear(wanted);
        List<Demand> removed = new ArrayList<>();
        cleared.forEach(load -> removed.addAll(load.placed()));
        while (removed.size() > AT_ONCE) {
            removed.remove(dice.roll(removed.size()));
        }
        List<Demand> pool = new ArrayList<>(removed);
        pool.add(wanted);
        for (int i = 0; i < 6; i++) {
            Demand other = left.get(dice.roll(left.size()));
            if (!pool.contains(other)) {
                pool.add(other);
            }
        }
        Packing.Mark mark = packing.mark(pool);
        double weight = weight(removed);
        long crowding = crowding(removed);
        removed.forEach(packing::take);
        order(pool, wanted);
        int rule = dice.roll(3);
        pool.forEach(demand -> place(demand, cleared, rule));
        List<Demand> now =
                pool.stream().filter(demand -> packing.where(demand) != null).toList();
        boolean better = now.size() > removed.size()
                || (now.size() == removed.size() && weight(now) <= weight && crowding(now) <= crowding);
        if (better) {
            left.removeIf(demand -> packing.where(demand) != null);
            removed.stream().filter(demand -> packing.where(demand) == null).forEach(left::add);
        } else {
            packing.restore(mark);
        }
    }

    /** A destination for what is wanted, and some to which what is there might go. */
    private List<Load> clear(Demand wanted) {
        List<Load> cleared = new ArrayList<>();
        cleared.add(draw(choices(wanted)));
        int more = 1 + dice.roll(3);
        for (int i = 0; i < more; i++) {
            List<Demand> there = cleared.getLast().placed();
            List<Load> next = there.isEmpty() ? choices(wanted) : choices(there.get(dice.roll(there.size())));
            Load load = next.isEmpty() ? cleared.getFirst() : draw(next);
            if (!cleared.contains(load)) {
                cleared.add(load);
            }
        }
        return cleared;
    }

    private Load draw(List<Load> loads) {
        return loads.get(dice.roll(loads.size()));
    }

    private void order(List<Demand> pool, Demand wanted) {
        switch (dice.roll(4)) {
            case 0 -> pool.sort(packing.lightestFirst());
            case 1 -> pool.sort(packing.lightestFirst().reversed());
            case 2 -> dice.shuffle(pool);
            default -> {
                pool.sort(packing.lightestFirst().reversed());
                pool.remove(wanted);
                pool.addFirst(wanted);
            }
        }
    }

    /** Into one of the cleared destinations: the tightest, the freest or any; else to a few others at random. */
    private void place(Demand demand, List<Load> cleared, int rule) {
        Load best = null;
        int @Nullable [] bestFit = null;
        double bestSlack = 0;
        for (Load load : cleared) {
            int[] fit = packing.fit(demand, load);
            if (fit != null) {
                double slack = rule == 0 ? load.slack() : rule == 1 ? -load.slack() : dice.roll(1_000);
                if (bestFit == null || slack < bestSlack) {
                    best = load;
                    bestFit = fit;
                    bestSlack = slack;
                }
            }
        }
        if (best != null && bestFit != null) {
            packing.put(demand, best, bestFit);
            return;
        }
        List<Load> others = choices(demand);
        for (int i = 0; i < 4 && !others.isEmpty(); i++) {
            if (packing.put(demand, draw(others))) {
                return;
            }
        }
    }

    private double weight(List<Demand> demands) {
        return demands.stream().mapToDouble(packing::weight).sum();
    }

    /** Of cargoes that are placed. */
    private long crowding(List<Demand> demands) {
        long crowding = 0;
        for (Demand demand : demands) {
            if (demand.group() != null) {
                crowding += packing.crowdingOf(demand);
            }
        }
        return crowding;
    }
}
