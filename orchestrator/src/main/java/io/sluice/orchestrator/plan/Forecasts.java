package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Link;
import io.sluice.orchestrator.fleet.Worker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Puts placements that are planned together into the order in which they should begin, and says how long they take. */
final class Forecasts {
    private final Map<String, Integer> positions = new HashMap<>();
    private final Map<WorkerId, Double> ends;
    private final Map<WorkerId, Double> latest;
    private final boolean known;
    private final long exposed;

    private Forecasts(Schedule.Outcome expected, Schedule.@Nullable Outcome wholly) {
        for (Schedule.Start start : expected.starts()) {
            positions.put(start.job().name(), positions.size());
        }
        known = expected.seconds() != null && wholly != null && wholly.seconds() != null;
        exposed = expected.mostExposedBytes();
        ends = ends(expected);
        latest = wholly == null ? Map.of() : ends(wholly);
    }

    static Forecasts of(
            Map<WorkerId, List<Placement>> leaving,
            Map<WorkerId, List<ThirdPartyMove>> moves,
            FleetSnapshot fleet,
            PlanLimits limits) {
        Map<WorkerId, List<Placement>> placements = new LinkedHashMap<>(leaving);
        moves.values().stream()
                .flatMap(List::stream)
                .forEach(move -> placements
                        .computeIfAbsent(move.source(), id -> new ArrayList<>())
                        .add(move.placement()));
        Schedule.Outcome expected = Schedules.best(jobs(placements, fleet, Forecasts::bytes), limits);
        return new Forecasts(
                expected,
                expected.seconds() == null
                        ? null
                        : Schedules.best(
                                jobs(
                                        placements,
                                        fleet,
                                        placement -> placement.cargo().sizeBytes()),
                                limits));
    }

    static List<Schedule.Job> jobs(
            Map<WorkerId, List<Placement>> placements, FleetSnapshot fleet, ToLongFunction<Placement> bytes) {
        List<Schedule.Job> jobs = new ArrayList<>();
        placements.forEach((id, some) -> {
            Worker source = Objects.requireNonNull(fleet.worker(id), "it was planned");
            for (Placement placement : some) {
                Worker destination = Objects.requireNonNull(fleet.worker(placement.destination()), "it was planned");
                jobs.add(new Schedule.Job(
                        name(id, placement),
                        id,
                        destination.id(),
                        Link.path(
                                id,
                                source.profile().location(),
                                destination.id(),
                                destination.profile().location()),
                        bytes.applyAsLong(placement)));
            }
        });
        return jobs;
    }

    private static String name(WorkerId source, Placement placement) {
        return source
                + (placement.cargo().workload() == null ? " volume " : " workload ")
                + placement.cargo().name();
    }

    private static Map<WorkerId, Double> ends(Schedule.Outcome outcome) {
        Map<WorkerId, Double> ends = new HashMap<>();
        for (Schedule.Start start : outcome.starts()) {
            if (start.endSeconds() != null) {
                ends.merge(start.job().source(), start.endSeconds(), Math::max);
            }
        }
        return ends;
    }

    List<Placement> inOrder(WorkerId source, List<Placement> placements) {
        return placements.stream()
                .sorted(Comparator.comparingInt(placement -> positions.getOrDefault(name(source, placement), 0)))
                .toList();
    }

    /** With what is moved out of the way; what waits for that is in no plan yet. */
    Forecast of(WorkerId source, List<Placement> placements, List<ThirdPartyMove> moves) {
        long bytes = placements.stream().mapToLong(Forecasts::bytes).sum()
                + moves.stream().mapToLong(move -> bytes(move.placement())).sum();
        Set<WorkerId> sources = new HashSet<>(Set.of(source));
        moves.forEach(move -> sources.add(move.source()));
        return known
                ? new Forecast(bytes, last(ends, sources), last(latest, sources), exposed)
                : new Forecast(bytes, null, null, null);
    }

    private static long last(Map<WorkerId, Double> ends, Set<WorkerId> sources) {
        return sources.stream()
                .mapToLong(source -> (long) Math.ceil(ends.getOrDefault(source, 0.0)))
                .max()
                .orElse(0);
    }

    private static long bytes(Placement placement) {
        return placement.cargo().volumes().stream().mapToLong(Forecasts::bytes).sum();
    }

    private static long bytes(Cargo.Volume volume) {
        Long allocated = volume.allocatedBytes();
        return allocated == null ? volume.sizeBytes() : allocated;
    }
}
