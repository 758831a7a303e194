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
    private final Measure use = new Measure();
    private final Measure fairness = new Measure();
    private long madeRoom;
    private long looks;
    private long settledLooks;
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

    /** One look at what is copied under ceilings; whether all rates were what they should be. */
    void measured(boolean settled) {
        looks++;
        settledLooks += settled ? 1 : 0;
    }

    /** How full the fullest link on the way of one copy was, by the ceilings. */
    void used(double part) {
        use.add(part);
    }

    /** Jain's index among copies that should have the same. */
    void fair(double index) {
        fairness.add(index);
    }

    /** The mean and the least of many. */
    static final class Measure {
        private double sum;
        private double least = 1;
        private long count;

        private void add(double value) {
            sum += value;
            least = Math.min(least, value);
            count++;
        }

        private void add(Measure other) {
            sum += other.sum;
            least = Math.min(least, other.least);
            count += other.count;
        }

        double mean() {
            return count == 0 ? 1 : sum / count;
        }

        double least() {
            return least;
        }

        long count() {
            return count;
        }
    }

    Measure use() {
        return use;
    }

    Measure fairness() {
        return fairness;
    }

    /** Of 100 looks at what is copied under ceilings, how many found all rates settled. */
    long settledPercent() {
        return looks == 0 ? 100 : settledLooks * 100 / looks;
    }

    /** A third-party migration was done. */
    void madeRoom() {
        madeRoom++;
    }

    /** How many third-party migrations were done. */
    long thirdPartyMoves() {
        return madeRoom;
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
        madeRoom += other.madeRoom;
        use.add(other.use);
        fairness.add(other.fairness);
        looks += other.looks;
        settledLooks += other.settledLooks;
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
