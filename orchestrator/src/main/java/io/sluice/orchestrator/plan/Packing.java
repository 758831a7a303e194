package io.sluice.orchestrator.plan;

import io.sluice.agent.api.PoolName;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A plan in the making: which cargo is on which destination. Whatever is put here keeps every hard rule; so does what is left
 * when something is taken away again.
 */
final class Packing {
    private final Terrain terrain;
    private final List<Demand> demands;
    private final List<Load> loads;
    private final @Nullable Load[] where;
    private final int[] @Nullable [] pools;
    private final Map<Terrain.Kind, BitSet> suitable = new HashMap<>();
    private final Domains domains;
    private final double[] weights;
    private int placed;
    private long attempts;

    Packing(Terrain terrain, List<Demand> demands) {
        this.terrain = terrain;
        this.demands = demands;
        this.loads = terrain.destinations().stream().map(Load::new).toList();
        this.where = new Load[demands.size()];
        this.pools = new int[demands.size()][];
        this.domains = new Domains(terrain);
        this.weights = Weights.of(demands, loads);
    }

    List<Demand> demands() {
        return demands;
    }

    List<Load> loads() {
        return loads;
    }

    Terrain terrain() {
        return terrain;
    }

    /** How often it was tried whether something fits: what bounded work is counted in. */
    long attempts() {
        return attempts;
    }

    int placed() {
        return placed;
    }

    /** How much of the fleet's room a cargo takes, over all that it needs. */
    double weight(Demand demand) {
        return weights[demand.index()];
    }

    @Nullable
    Load where(Demand demand) {
        return where[demand.index()];
    }

    int @Nullable [] pools(Demand demand) {
        return pools[demand.index()];
    }

    /** What found no place, lightest first. */
    List<Demand> left() {
        List<Demand> left = new ArrayList<>();
        for (Demand demand : demands) {
            if (where(demand) == null) {
                left.add(demand);
            }
        }
        left.sort(lightestFirst());
        return left;
    }

    /** By what they take of all that workers have, as plain best-fit goes by. */
    Comparator<Demand> largestFirst() {
        double[] shares = Weights.ofCapacity(demands, loads);
        return Comparator.comparingDouble((Demand demand) -> -shares[demand.index()])
                .thenComparingInt(Demand::index);
    }

    Comparator<Demand> lightestFirst() {
        return Comparator.comparingDouble(this::weight)
                .thenComparing(demand -> demand.cargo().name());
    }

    /** The destinations that may take it, room apart. */
    BitSet suitable(Demand demand) {
        return suitable.computeIfAbsent(terrain.kind(demand), kind -> {
            BitSet set = new BitSet(loads.size());
            for (Destination destination : terrain.destinations()) {
                if (terrain.unfit(demand, destination) == null) {
                    set.set(destination.index());
                }
            }
            return set;
        });
    }

    boolean mayGo(Demand demand, Load load) {
        return suitable(demand).get(load.at().index());
    }

    /** A pool for each volume; null when it may not go there now. */
    int @Nullable [] fit(Demand demand, Load load) {
        attempts++;
        return mayGo(demand, load) ? roomFor(demand, load) : null;
    }

    /** A pool for each volume if it may go there; null when the room does not suffice, or the rack is taken. */
    int @Nullable [] roomFor(Demand demand, Load load) {
        return domains.forbid(demand, load.at()) ? null : load.fit(demand);
    }

    boolean put(Demand demand, Load load) {
        int[] fit = fit(demand, load);
        if (fit == null) {
            return false;
        }
        put(demand, load, fit);
        return true;
    }

    void put(Demand demand, Load load, int[] fit) {
        load.put(demand, fit);
        where[demand.index()] = load;
        pools[demand.index()] = fit;
        domains.put(demand, load.at());
        placed++;
    }

    void take(Demand demand) {
        Load load = where[demand.index()];
        int[] taken = pools[demand.index()];
        if (load != null && taken != null) {
            load.take(demand, taken);
            where[demand.index()] = null;
            pools[demand.index()] = null;
            domains.take(demand, load.at());
            placed--;
        }
    }

    /** Where a cargo went, for the plan. */
    Placement placement(Demand demand, List<String> because) {
        return placement(
                demand,
                Objects.requireNonNull(where(demand), "it was placed"),
                Objects.requireNonNull(pools(demand), "it was placed"),
                because);
    }

    static Placement placement(Demand demand, Load load, int[] chosen, List<String> because) {
        List<PoolName> names = IntStream.of(chosen)
                .mapToObj(pool -> load.at().pool(pool).name())
                .toList();
        return new Placement(demand.cargo(), load.at().id(), names, load.at().engine(chosen), because);
    }

    /** How badly a cargo would share failure domains with members of its group there; 0 is not at all. */
    long crowding(Demand demand, Destination destination) {
        return domains.crowding(demand, destination);
    }

    /** How badly a cargo that is placed shares failure domains with members of its group; 0 is not at all. */
    long crowdingOf(Demand demand) {
        Load load = where(demand);
        if (load == null || demand.group() == null) {
            return 0;
        }
        domains.take(demand, load.at());
        long crowding = domains.crowding(demand, load.at());
        domains.put(demand, load.at());
        return crowding;
    }

    /** Where some cargoes stood. */
    record Mark(List<Demand> demands, List<@Nullable Load> loads, List<int @Nullable []> pools) {}

    Mark mark(List<Demand> some) {
        Mark mark = new Mark(List.copyOf(some), new ArrayList<>(), new ArrayList<>());
        for (Demand demand : some) {
            mark.loads().add(where(demand));
            mark.pools().add(pools(demand));
        }
        return mark;
    }

    void restore(Mark mark) {
        mark.demands().forEach(this::take);
        for (int i = 0; i < mark.demands().size(); i++) {
            Load load = mark.loads().get(i);
            int[] kept = mark.pools().get(i);
            if (load != null && kept != null) {
                put(mark.demands().get(i), load, kept);
            }
        }
    }
}
