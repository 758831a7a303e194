package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Cargo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Runs the plan on paper: migrations begin in order as slots come free, and each copies at the same rate. */
final class Forecasts {
    private Forecasts() {}

    static Forecast of(List<Placement> placements, PlanLimits limits) {
        long bytes = placements.stream().mapToLong(Forecasts::bytes).sum();
        Long rate = limits.bytesPerSecond();
        return new Forecast(bytes, rate == null || rate <= 0 ? null : seconds(placements, limits, rate));
    }

    private static long seconds(List<Placement> placements, PlanLimits limits, long rate) {
        List<Placement> waiting = new ArrayList<>(placements);
        List<Run> running = new ArrayList<>();
        long now = 0;
        while (!waiting.isEmpty() || !running.isEmpty()) {
            for (Placement next : List.copyOf(waiting)) {
                if (running.size() < limits.perSource()
                        && entering(running, next.destination()) < limits.perDestination()) {
                    waiting.remove(next);
                    running.add(new Run(next.destination(), now + Math.ceilDiv(bytes(next), rate)));
                }
            }
            Run first =
                    running.stream().min(Comparator.comparingLong(Run::ends)).orElseThrow();
            now = first.ends();
            running.remove(first);
        }
        return now;
    }

    private record Run(WorkerId destination, long ends) {}

    private static long entering(List<Run> running, WorkerId destination) {
        return running.stream()
                .filter(run -> run.destination().equals(destination))
                .count();
    }

    private static long bytes(Placement placement) {
        return placement.cargo().volumes().stream().mapToLong(Forecasts::bytes).sum();
    }

    private static long bytes(Cargo.Volume volume) {
        Long allocated = volume.allocatedBytes();
        return allocated == null ? volume.sizeBytes() : allocated;
    }
}
