package io.sluice.orchestrator.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What happened in one life of a fleet, or in many. */
final class Statistics {
    /** DESIGN's invariants count from 1. */
    static final int INVARIANTS = 7;

    private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    private final Map<String, Long> entered = new TreeMap<>();
    private final Map<String, Long> steps = new TreeMap<>();
    private final Map<String, Long> drains = new TreeMap<>();
    private final long[] checks = new long[INVARIANTS + 1];
    private long lives;
    private long events;
    private long virtualMillis;

    void event() {
        events++;
    }

    void fault(Fault fault) {
        faults.merge(fault, 1L, Long::sum);
    }

    void checked(int invariant) {
        checks[invariant]++;
    }

    void entered(String from, String to) {
        entered.merge(to, 1L, Long::sum);
        steps.merge(from + " > " + to, 1L, Long::sum);
    }

    void drainEnded(String how) {
        drains.merge(how, 1L, Long::sum);
    }

    void lived(long millis) {
        lives++;
        virtualMillis += millis;
    }

    void add(Statistics other) {
        other.faults.forEach((fault, count) -> faults.merge(fault, count, Long::sum));
        other.entered.forEach((state, count) -> entered.merge(state, count, Long::sum));
        other.steps.forEach((step, count) -> steps.merge(step, count, Long::sum));
        other.drains.forEach((how, count) -> drains.merge(how, count, Long::sum));
        for (int i = 0; i < checks.length; i++) {
            checks[i] += other.checks[i];
        }
        lives += other.lives;
        events += other.events;
        virtualMillis += other.virtualMillis;
    }

    long lives() {
        return lives;
    }

    long events() {
        return events;
    }

    long virtualMillis() {
        return virtualMillis;
    }

    long checks(int invariant) {
        return checks[invariant];
    }

    long count(Fault fault) {
        return faults.getOrDefault(fault, 0L);
    }

    /** How often each state was entered, by its title. */
    Map<String, Long> entered() {
        return entered;
    }

    /** How often each edge was taken. */
    Map<String, Long> steps() {
        return steps;
    }

    /** How drains ended. */
    Map<String, Long> drains() {
        return drains;
    }
}
