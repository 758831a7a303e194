package io.sluice.orchestrator.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The virtual clock: what is to happen, in order of time, then of having been put here. */
final class Timeline {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    /** Something that happens. */
    record Event(Instant at, long order, String name, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparing(Event::at).thenComparingLong(Event::order));
    private Instant now = START;
    private long order;

    Instant now() {
        return now;
    }

    long elapsedMillis() {
        return Duration.between(START, now).toMillis();
    }

    void in(long millis, String name, Runnable action) {
        at(now.plusMillis(millis), name, action);
    }

    void at(Instant when, String name, Runnable action) {
        events.add(new Event(when.isBefore(now) ? now : when, order++, name, action));
    }

    /** Moves the clock to the next event and answers it; null when nothing is to come. */
    @Nullable
    Event next() {
        Event event = events.poll();
        if (event != null) {
            now = event.at();
        }
        return event;
    }
}
