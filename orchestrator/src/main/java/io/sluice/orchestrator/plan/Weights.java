package io.sluice.orchestrator.plan;

import io.sluice.agent.api.PoolName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How much of the fleet's room each cargo takes: the sum of its shares in bytes, CPU and memory. */
final class Weights {
    private Weights() {}

    /** Of what is free where something may land. */
    static double[] of(List<Demand> demands, List<Load> loads) {
        Room room = new Room();
        for (Load load : loads) {
            Destination at = load.at();
            if (at.closed() == null) {
                room.cpu += Math.max(0, at.resources().cpuMillis());
                room.memory += Math.max(0, at.resources().memoryBytes());
                for (int i = 0; i < at.pools(); i++) {
                    room.add(at.pool(i).name(), (double) Math.max(0, load.free(i)));
                }
            }
        }
        return shares(demands, room);
    }

    /** Of what all workers have, used or not: what is scarce just now weighs no more than what is not. */
    static double[] ofCapacity(List<Demand> demands, List<Load> loads) {
        Room room = new Room();
        for (Load load : loads) {
            Destination at = load.at();
            room.cpu += at.worker().profile().capacity().cpuMillis();
            room.memory += at.worker().profile().capacity().memoryBytes();
            for (int i = 0; i < at.pools(); i++) {
                room.add(at.pool(i).name(), (double) at.pool(i).capacityBytes());
            }
        }
        return shares(demands, room);
    }

    /** What there is of everything, over all workers. */
    private static final class Room {
        private double bytes;
        private double cpu;
        private double memory;
        private final Map<PoolName, Double> named = new HashMap<>();

        private void add(PoolName pool, double more) {
            bytes += more;
            named.merge(pool, more, Double::sum);
        }
    }

    private static double[] shares(List<Demand> demands, Room room) {
        double[] weights = new double[demands.size()];
        for (Demand demand : demands) {
            double weight = share(demand.cpuMillis(), room.cpu) + share(demand.memoryBytes(), room.memory);
            if (demand.rules().samePools()) {
                for (int i = 0; i < demand.volumes(); i++) {
                    weight += share(demand.size(i), room.named.getOrDefault(demand.pool(i), 0.0));
                }
            } else {
                weight += share(demand.bytes(), room.bytes);
            }
            weights[demand.index()] = weight;
        }
        return weights;
    }

    /** What there is nothing of weighs as much as all there is. */
    private static double share(long wanted, double free) {
        return wanted <= 0 ? 0 : free <= 0 ? 1 : wanted / free;
    }
}
