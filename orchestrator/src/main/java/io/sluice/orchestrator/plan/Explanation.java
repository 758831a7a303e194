package io.sluice.orchestrator.plan;

import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.Worker;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Puts into words why a cargo goes where it goes, or why it cannot go anywhere. */
record Explanation(Worker source, List<Destination> destinations, Packing packing) {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");

    List<String> choice(Spot spot) {
        List<String> because = new ArrayList<>();
        Destination destination = spot.destination();
        Destination after = packing.after(destination);
        long eligible = destinations.stream()
                .filter(other -> obstacle(spot.cargo(), other) == null)
                .count();
        because.add(
                eligible == 1
                        ? destination.id() + " is the only one of " + destinations.size() + " workers that can take it"
                        : "chosen among " + eligible + " of " + destinations.size() + " workers that can take it");
        spot.pools().stream()
                .distinct()
                .forEach(pool -> because.add("pool " + pool + " has room: "
                        + bytes(after.free().getOrDefault(pool, 0L)) + " stay free with the whole plan placed"));
        if (packing.sameZone(destination)) {
            because.add(
                    "stays in zone " + destination.worker().profile().location().zone());
        }
        String others = counts(spot.cargo());
        if (!others.isEmpty()) {
            because.add("not eligible: " + others);
        }
        return because;
    }

    Reason refusal(Cargo cargo) {
        boolean somewhere = destinations.stream().anyMatch(destination -> obstacle(cargo, destination) == null);
        if (somewhere) {
            return ReasonCode.NO_CAPACITY.because(cargo.name() + " (" + demand(cargo)
                    + ") would fit alone, but what else is leaving " + source.id() + " takes the room.");
        }
        String counts = counts(cargo);
        return ReasonCode.NO_ELIGIBLE_DESTINATION.because(cargo.name() + " (" + demand(cargo)
                + ") has no destination: "
                + (destinations.isEmpty()
                        ? "there is no other worker"
                        : "of " + destinations.size() + " other workers " + counts)
                + ".");
    }

    /** How many workers each filter excludes, before anything of this plan is placed. */
    private String counts(Cargo cargo) {
        Map<Obstacle, Long> counts = destinations.stream()
                .map(destination -> obstacle(cargo, destination))
                .filter(Objects::nonNull)
                .collect(Collectors.groupingBy(
                        obstacle -> obstacle, () -> new EnumMap<>(Obstacle.class), Collectors.counting()));
        return counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey().words())
                .collect(Collectors.joining(", "));
    }

    private @Nullable Obstacle obstacle(Cargo cargo, Destination destination) {
        Obstacle unfit = destination.unfit(cargo, source);
        return unfit == null ? destination.shortOf(cargo) : unfit;
    }

    private static String demand(Cargo cargo) {
        List<String> parts = new ArrayList<>();
        if (!cargo.volumes().isEmpty()) {
            parts.add(bytes(cargo.sizeBytes()) + " in " + cargo.volumes().size()
                    + (cargo.volumes().size() == 1 ? " volume" : " volumes"));
        }
        if (cargo.request().cpuMillis() > 0) {
            parts.add(String.format(Locale.ROOT, "%.1f cores", cargo.request().cpuMillis() / 1000.0));
        }
        if (cargo.request().memoryBytes() > 0) {
            parts.add(bytes(cargo.request().memoryBytes()) + " of memory");
        }
        return parts.isEmpty() ? "no volumes" : String.join(", ", parts);
    }

    static String bytes(long bytes) {
        double value = Math.max(0, bytes);
        int unit = 0;
        while (value >= 1024 && unit < UNITS.size() - 1) {
            value /= 1024;
            unit++;
        }
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%.0f %s", value, UNITS.get(unit))
                : String.format(Locale.ROOT, "%.1f %s", value, UNITS.get(unit));
    }
}
