package io.sluice.orchestrator.plan;

import java.util.Map;

/**
 * What one run on paper prefers.
 *
 * @param wholeWay whether the busier of two ways of equal first links goes first, rather than the larger of their volumes
 * @param late how often a migration, by its name, ended late in runs before: it goes before what did so less often, and nothing may
 *     take from it what it needs to keep its pace
 * @param paceSeconds when what was late should end; 0 is as soon as it can, at whatever cost to others
 * @param filling whether what was late gives way to what needs the busiest link of its way as well, and only to that, for as long as it
 *     takes: that link then carries more meanwhile
 */
record Bias(boolean wholeWay, Map<String, Integer> late, double paceSeconds, boolean filling) {
    static final Bias NONE = new Bias(false, Map.of(), 0, false);

    Bias {
        late = Map.copyOf(late);
    }

    Bias with(Map<String, Integer> ended) {
        return new Bias(wholeWay, ended, paceSeconds, filling);
    }

    int late(String name) {
        return late.getOrDefault(name, 0);
    }

    /** Whether a migration that was late, {@code left} bytes from its end, may be slowed down to {@code rate}. */
    boolean allows(double now, double left, double rate) {
        return rate * (paceSeconds - now) >= left;
    }

    /** Whether it may be slowed down from one rate to another for so many seconds. */
    boolean allows(double now, double left, double before, double rate, double seconds) {
        return rate * seconds >= left
                ? allows(now, left, rate)
                : before * (paceSeconds - now - seconds) >= left - rate * seconds;
    }
}
