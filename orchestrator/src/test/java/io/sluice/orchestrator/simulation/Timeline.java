package io.sluice.orchestrator.simulation;

import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** The virtual clock: what is to happen, in order of time, then of having been put here. */
final class Timeline {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    /** Something that happens, so many milliseconds after the start. */
    record Event(long at, long order, String name, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at).thenComparingLong(Event::order));
    private long now;
    private long order;

    Instant now() {
        return START.plusMillis(now);
    }

    long elapsedMillis() {
        return now;
    }

    void in(long millis, String name, Runnable action) {
        events.add(new Event(now + Math.max(0, millis), order++, name, action));
    }

    /** By the clock that answers {@link #now}. */
    void at(Instant when, String name, Runnable action) {
        in(when.toEpochMilli() - now().toEpochMilli(), name, action);
    }

    /** Moves the clock to the next event and answers it; null when none is due by then, and the clock stands at {@code until}. */
    @Nullable
    Event next(long until) {
        Event event = events.peek();
        if (event == null || event.at() > until) {
            now = Math.max(now, until);
            return null;
        }
        events.poll();
        now = Math.max(now, event.at());
        return event;
    }
}
