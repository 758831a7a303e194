package io.sluice.orchestrator.fleet;

import io.sluice.agent.api.RegisterRequest.Location;
import io.sluice.agent.api.WorkerId;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * What a migration shares with others and a ceiling can be put on: one direction of a worker, a rack, a zone, a region or
 * the fleet. A migration goes out of everything its source stands in and into everything its destination stands in, also
 * where the two stand in the same.
 *
 * @param name of the worker, rack, zone or region; {@code *} for the fleet. Racks and zones are known by their own names
 *     alone: two racks of one name are one rack
 */
public record Link(Scope scope, String name, Direction direction) implements Comparable<Link> {
    public static final String FLEET_NAME = "*";

    private static final Comparator<Link> ORDER =
            Comparator.comparing(Link::scope).thenComparing(Link::name).thenComparing(Link::direction);

    /** How much a ceiling is put around, from small to large. */
    public enum Scope {
        WORKER,
        RACK,
        ZONE,
        REGION,
        FLEET
    }

    /** As seen from what the ceiling is put around. */
    public enum Direction {
        IN,
        OUT
    }

    /** Everything a migration between these two crosses. Where a worker does not say where it stands, nothing is there. */
    public static SequencedSet<Link> path(WorkerId source, Location from, WorkerId destination, Location to) {
        var path = new LinkedHashSet<Link>();
        add(path, source, from, Direction.OUT);
        add(path, destination, to, Direction.IN);
        return path;
    }

    private static void add(SequencedSet<Link> path, WorkerId worker, Location place, Direction direction) {
        path.add(new Link(Scope.WORKER, worker.value(), direction));
        addIfKnown(path, Scope.RACK, place.rack(), direction);
        addIfKnown(path, Scope.ZONE, place.zone(), direction);
        addIfKnown(path, Scope.REGION, place.region(), direction);
        path.add(new Link(Scope.FLEET, FLEET_NAME, direction));
    }

    private static void addIfKnown(SequencedSet<Link> path, Scope scope, @Nullable String name, Direction direction) {
        if (name != null && !name.isBlank()) {
            path.add(new Link(scope, name, direction));
        }
    }

    @Override
    public int compareTo(Link other) {
        return ORDER.compare(this, other);
    }
}
