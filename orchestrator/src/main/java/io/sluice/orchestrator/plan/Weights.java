package io.sluice.orchestrator.plan;

import io.sluice.agent.api.PoolName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How much of the fleet's free room each cargo takes: the sum of its shares in bytes, CPU and memory. */
final class Weights {
    private Weights() {}

    static double[] of(List<Demand> demands, List<Load> loads) {
        double bytes = 0;
        double cpu = 0;
        double memory = 0;
        Map<PoolName, Double> named = new HashMap<>();
        for (Load load : loads) {
            Destination at = load.at();
            if (at.closed() == null) {
                cpu += Math.max(0, at.resources().cpuMillis());
                memory += Math.max(0, at.resources().memoryBytes());
                for (int i = 0; i < at.pools(); i++) {
                    double free = Math.max(0, load.free(i));
                    bytes += free;
                    named.merge(at.pool(i).name(), free, Double::sum);
                }
            }
        }
        double[] weights = new double[demands.size()];
        for (Demand demand : demands) {
            double weight = share(demand.cpuMillis(), cpu) + share(demand.memoryBytes(), memory);
            if (demand.rules().samePools()) {
                for (int i = 0; i < demand.volumes(); i++) {
                    weight += share(demand.size(i), named.getOrDefault(demand.pool(i), 0.0));
                }
            } else {
                weight += share(demand.bytes(), bytes);
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
