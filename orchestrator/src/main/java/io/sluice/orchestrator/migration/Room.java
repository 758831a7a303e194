package io.sluice.orchestrator.migration;

import io.sluice.orchestrator.fleet.Ceilings;
import io.sluice.orchestrator.fleet.Link;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A link on a migration's way with a ceiling on how many may be under way there.
 *
 * @param taken by migrations that have begun and not ended
 */
public record Room(Link link, int most, int taken) {

    /** The rooms on a path, in the order of their links; what is not named in {@code taken} is empty. */
    public static List<Room> of(Collection<Link> path, Ceilings ceilings, Map<Link, Integer> taken) {
        return ceilings.migrations(path).entrySet().stream()
                .map(entry -> new Room(entry.getKey(), entry.getValue(), taken.getOrDefault(entry.getKey(), 0)))
                .sorted((one, other) -> one.link().compareTo(other.link()))
                .toList();
    }

    public boolean full() {
        return taken >= most;
    }

    /** For people, as in {@code out of rack r12}. */
    String words() {
        String direction = link.direction() == Link.Direction.IN ? "into " : "out of ";
        return direction
                + switch (link.scope()) {
                    case WORKER -> "worker " + link.name();
                    case RACK -> "rack " + link.name();
                    case ZONE -> "zone " + link.name();
                    case REGION -> "region " + link.name();
                    case FLEET -> "any worker of the fleet";
                };
    }
}
