package io.sluice.orchestrator.migration;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Sighting;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Everything one decision rests on, from one reading of the store.
 *
 * @param now the store's time
 * @param source latest sighting of the source; null when it never reported
 * @param destination latest sighting of the destination; null when it never reported
 * @param generations both hosts' generations at the moment of reading
 * @param destinationOpen false when the destination is cordoned or draining: nothing new may begin there
 * @param others live migrations that may stand in its way: while it has not begun those under way from its source and those towards its destination, those of its
 *     group
 * @param limits of its drain
 * @param rooms what ceilings leave to it, while it has not begun
 * @param writtenOff those of its two hosts of which an operator says that they do not come back
 */
public record Situation(
        Migration migration,
        Instant now,
        @Nullable Sighting source,
        @Nullable Sighting destination,
        Generations generations,
        boolean destinationOpen,
        List<Migration> others,
        Limits limits,
        List<Room> rooms,
        Set<WorkerId> writtenOff) {
    public Situation {
        others = List.copyOf(others);
        rooms = List.copyOf(rooms);
        writtenOff = Set.copyOf(writtenOff);
    }

    /** Where no ceiling is on its way, or none matters any more, and both hosts count. */
    public Situation(
            Migration migration,
            Instant now,
            @Nullable Sighting source,
            @Nullable Sighting destination,
            Generations generations,
            boolean destinationOpen,
            List<Migration> others,
            Limits limits) {
        this(migration, now, source, destination, generations, destinationOpen, others, limits, List.of(), Set.of());
    }

    /** As it will be once this is committed, as far as can be said before. */
    Situation after(Transition transition) {
        Generations raised = new Generations(generations.source() + 1, generations.destination() + 1);
        return new Situation(
                transition.committed(now, raised),
                now,
                source,
                destination,
                raised,
                destinationOpen,
                others,
                limits,
                List.of(),
                writtenOff);
    }

    public Situation with(List<Room> onItsWay) {
        return new Situation(
                migration,
                now,
                source,
                destination,
                generations,
                destinationOpen,
                others,
                limits,
                onItsWay,
                writtenOff);
    }
}
