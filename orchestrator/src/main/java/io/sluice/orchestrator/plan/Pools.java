package io.sluice.orchestrator.plan;

import io.sluice.agent.api.PoolName;
import io.sluice.orchestrator.fleet.Cargo;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Divides a cargo's volumes among a worker's pools: largest volume first, into the emptiest pool; else into the fullest that holds it. */
final class Pools {
    private static final Comparator<Map.Entry<PoolName, Long>> EMPTIEST =
            Map.Entry.<PoolName, Long>comparingByValue().reversed();
    private static final Comparator<Map.Entry<PoolName, Long>> FULLEST = Map.Entry.comparingByValue();

    private Pools() {}

    /** A pool for each of the cargo's volumes, in their order; null when they do not fit. */
    static @Nullable List<PoolName> choose(Cargo cargo, Map<PoolName, Long> free) {
        List<PoolName> spread = choose(cargo, free, EMPTIEST);
        return spread == null ? choose(cargo, free, FULLEST) : spread;
    }

    private static @Nullable List<PoolName> choose(
            Cargo cargo, Map<PoolName, Long> free, Comparator<Map.Entry<PoolName, Long>> first) {
        Map<PoolName, Long> left = new TreeMap<>(free);
        Map<Integer, PoolName> chosen = new HashMap<>();
        List<Integer> largestFirst = IntStream.range(0, cargo.volumes().size())
                .boxed()
                .sorted(Comparator.comparingLong(
                        (Integer i) -> -cargo.volumes().get(i).sizeBytes()))
                .toList();
        for (int index : largestFirst) {
            long size = cargo.volumes().get(index).sizeBytes();
            PoolName pool = left.entrySet().stream()
                    .filter(entry -> entry.getValue() >= size)
                    .min(first.thenComparing(Map.Entry.comparingByKey()))
                    .map(Map.Entry::getKey)
                    .orElse(null);
            if (pool == null) {
                return null;
            }
            chosen.put(index, pool);
            left.merge(pool, -size, Long::sum);
        }
        return IntStream.range(0, cargo.volumes().size()).mapToObj(chosen::get).toList();
    }
}
