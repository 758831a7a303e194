package io.sluice.iscsi.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** All rounds of one work; by the contestants' names, each with a measurement for each round. */
record Cell(Work work, Map<String, List<Measurement>> rounds) {

    static Cell of(Work work) {
        return new Cell(work, new LinkedHashMap<>());
    }

    void add(String contestant, Measurement measurement) {
        rounds.computeIfAbsent(contestant, ignored -> new ArrayList<>()).add(measurement);
    }

    /** In requests or megabytes per second, see {@link Work#countsRequests()}. */
    @Nullable
    Double speed(String contestant) {
        return median(contestant, this::speed);
    }

    private double speed(Measurement measurement) {
        return work.countsRequests() ? measurement.requestsPerSecond() : measurement.megabytesPerSecond();
    }

    @Nullable
    Double cpuSecondsPerGib(String contestant) {
        return median(contestant, Measurement::cpuSecondsPerGib);
    }

    /** In microseconds; null where the client tells none. */
    @Nullable
    Double quantileMicros(String contestant, double share) {
        List<Measurement> measurements = rounds.getOrDefault(contestant, List.of());
        if (measurements.stream().anyMatch(measurement -> measurement.latency() == null)) {
            return null;
        }
        return median(contestant, measurement -> {
            Latency latency = measurement.latency();
            return latency == null ? 0 : latency.quantileNanos(share) / 1e3;
        });
    }

    /** How many times as fast one is as another: the median of the rounds' ratios, as each round had its own weather. */
    @Nullable
    Double ratio(String one, String other) {
        List<Measurement> ones = rounds.getOrDefault(one, List.of());
        List<Measurement> others = rounds.getOrDefault(other, List.of());
        int count = Math.min(ones.size(), others.size());
        double[] ratios = new double[count];
        for (int round = 0; round < count; round++) {
            ratios[round] = speed(ones.get(round)) / speed(others.get(round));
        }
        return count == 0 ? null : median(ratios);
    }

    private @Nullable Double median(String contestant, ToDoubleFunction<Measurement> value) {
        List<Measurement> measurements = rounds.getOrDefault(contestant, List.of());
        return measurements.isEmpty()
                ? null
                : median(measurements.stream().mapToDouble(value).toArray());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
