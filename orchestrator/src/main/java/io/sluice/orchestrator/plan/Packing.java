package io.sluice.orchestrator.plan;

import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.Worker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Puts cargoes into destinations: greedy, largest first, each where most stays free; then repair, where one that is left
 * over may push others on. Used for one run and thrown away.
 */
final class Packing {
    /** How many pushed cargoes one left-over may need: more moves gain little and cost much. */
    private static final int PUSHES = 3;

    /** Bounds the repair of one left-over: attempts to fit, a few milliseconds' worth. */
    private static final int ATTEMPTS = 2_000;

    /** In thousandths of a worker: standing in the source's zone is worth this much free room. */
    private static final long SAME_ZONE = 50;

    private final Worker source;
    private final List<Destination> destinations;
    private final Map<Cargo, Spot> placed = new LinkedHashMap<>();
    private int attempts;

    Packing(Worker source, List<Destination> destinations) {
        this.source = source;
        this.destinations = destinations;
    }

    /** Answers what found no place. */
    List<Cargo> place(List<Cargo> cargoes) {
        List<Cargo> left = new ArrayList<>();
        for (Cargo cargo : largestFirst(cargoes)) {
            Spot spot = best(cargo, null);
            if (spot == null) {
                left.add(cargo);
            } else {
                placed.put(cargo, spot);
            }
        }
        left.removeIf(cargo -> {
            attempts = 0;
            return repair(cargo, PUSHES, List.of());
        });
        return left;
    }

    /** Where everything stands now, largest first. */
    List<Spot> spots() {
        return largestFirst(List.copyOf(placed.keySet())).stream()
                .map(cargo -> Objects.requireNonNull(placed.get(cargo)))
                .toList();
    }

    /** What is left of a destination with everything placed so far. */
    Destination after(Destination destination) {
        return destination.with(on(destination));
    }

    List<Destination> fitting(Cargo cargo) {
        return destinations.stream()
                .filter(destination -> destination.unfit(cargo, source) == null)
                .toList();
    }

    boolean sameZone(Destination destination) {
        String zone = source.profile().location().zone();
        return zone != null
                && zone.equals(destination.worker().profile().location().zone());
    }

    private @Nullable Spot best(Cargo cargo, @Nullable Destination except) {
        return fitting(cargo).stream()
                .filter(destination -> !destination.equals(except))
                .map(destination -> fit(cargo, destination))
                .filter(Objects::nonNull)
                .max(Comparator.comparingLong(this::score)
                        .thenComparing(spot -> spot.destination().id(), Comparator.reverseOrder()))
                .orElse(null);
    }

    private @Nullable Spot fit(Cargo cargo, Destination destination) {
        attempts++;
        Destination now = after(destination);
        return now.shortOf(cargo) == null
                ? new Spot(cargo, destination, Objects.requireNonNull(Pools.choose(cargo, now.free())))
                : null;
    }

    /** Free share of the scarcest resource once the cargo is there, and a bonus for the source's zone. */
    private long score(Spot spot) {
        List<Spot> there = new ArrayList<>(on(spot.destination()));
        there.add(spot);
        return spot.destination().with(there).scarcestShare() + (sameZone(spot.destination()) ? SAME_ZONE : 0);
    }

    /** Places the cargo by pushing others on, each to another destination, as deep as {@code pushes}. */
    private boolean repair(Cargo cargo, int pushes, List<Cargo> fixed) {
        for (Destination destination : fitting(cargo)) {
            List<Spot> there = new ArrayList<>(on(destination));
            there.removeIf(spot -> fixed.contains(spot.cargo()));
            for (Spot pushed : there) {
                if (attempts >= ATTEMPTS) {
                    return false;
                }
                if (push(cargo, destination, pushed, pushes, fixed)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean push(Cargo cargo, Destination destination, Spot pushed, int pushes, List<Cargo> fixed) {
        Map<Cargo, Spot> before = new LinkedHashMap<>(placed);
        placed.remove(pushed.cargo());
        List<Cargo> settled = new ArrayList<>(fixed);
        settled.add(cargo);
        Spot spot = fit(cargo, destination);
        if (spot != null) {
            placed.put(cargo, spot);
            Spot elsewhere = best(pushed.cargo(), destination);
            if (elsewhere != null) {
                placed.put(pushed.cargo(), elsewhere);
                return true;
            }
            if (pushes > 1 && repair(pushed.cargo(), pushes - 1, settled)) {
                return true;
            }
        } else if (pushes > 1) {
            // One is not enough: move it out for good and push another one.
            Spot elsewhere = best(pushed.cargo(), destination);
            if (elsewhere != null) {
                placed.put(pushed.cargo(), elsewhere);
                settled.add(pushed.cargo());
                if (repair(cargo, pushes - 1, settled)) {
                    return true;
                }
            }
        }
        placed.clear();
        placed.putAll(before);
        return false;
    }

    private List<Spot> on(Destination destination) {
        return placed.values().stream()
                .filter(spot -> spot.destination().id().equals(destination.id()))
                .toList();
    }

    private static List<Cargo> largestFirst(List<Cargo> cargoes) {
        return cargoes.stream()
                .sorted(Comparator.comparingLong(Cargo::sizeBytes)
                        .thenComparingLong(cargo -> cargo.request().memoryBytes())
                        .reversed()
                        .thenComparing(Cargo::name))
                .toList();
    }
}
