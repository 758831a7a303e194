package io.sluice.orchestrator.simulation;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How bad which things are in one life, out of ten thousand chances. Each life has its own mixture, and in most some kinds of
 * faults never occur: what takes two of a kind in a row to go wrong is then not hidden by all the others.
 */
final class Climate implements Chaos {
    /** The most of each that a life may have. */
    private static final Map<Fault, Integer> WORST = Map.ofEntries(
            Map.entry(Fault.CALL_LOST, 1_500),
            Map.entry(Fault.CALL_REPEATED, 1_500),
            Map.entry(Fault.CALL_LATE, 1_000),
            Map.entry(Fault.NOTIFICATION_LOST, 5_000),
            Map.entry(Fault.REPLICA_KILLED, 60),
            Map.entry(Fault.REPLICA_PAUSED, 80),
            Map.entry(Fault.CONNECTION_CUT_BEFORE_COMMIT, 200),
            Map.entry(Fault.CONNECTION_CUT_AFTER_COMMIT, 200),
            Map.entry(Fault.DISK_SLOW, 800),
            Map.entry(Fault.ACTION_FAILED, 1_200),
            Map.entry(Fault.ACTION_REFUSED, 100),
            Map.entry(Fault.ACTION_DONE_BUT_FAILED, 1_000),
            Map.entry(Fault.ACTION_REPEATED, 1_000),
            Map.entry(Fault.AGENT_CRASHED, 400),
            Map.entry(Fault.HOST_REBOOTED, 300));

    private static final int SLEEPY_ONE_IN = 8;

    private static final Set<String> DECIDING = Set.of(
            "situation", "situations", "underWay", "planned", "commit", "ceilings", "copying", "grant", "settle");

    private static final Fault[] MESSAGES = {Fault.CALL_LOST, Fault.CALL_REPEATED, Fault.CALL_LATE};
    private static final Fault[] PAUSE = {Fault.REPLICA_PAUSED, Fault.REPLICA_PAUSED, Fault.REPLICA_PAUSED};
    private static final Fault[] TRANSACTIONS = {
        Fault.CONNECTION_CUT_BEFORE_COMMIT,
        Fault.CONNECTION_CUT_AFTER_COMMIT,
        Fault.REPLICA_KILLED,
        Fault.REPLICA_PAUSED
    };
    private static final Fault[] ACTIONS = {
        Fault.ACTION_FAILED,
        Fault.ACTION_REFUSED,
        Fault.ACTION_DONE_BUT_FAILED,
        Fault.ACTION_REPEATED,
        Fault.AGENT_CRASHED,
        Fault.HOST_REBOOTED
    };

    private final RandomGenerator random;
    private final Map<Fault, Integer> chances = new EnumMap<>(Fault.class);
    /** Whether replicas often stop between reading and committing: what two of them decide at once is then tried in earnest. */
    private final boolean sleepy;

    private boolean calm;

    Climate(RandomGenerator random) {
        this.random = random;
        this.sleepy = random.nextInt(6) == 0;
        for (Fault fault : Fault.values()) {
            int worst = WORST.getOrDefault(fault, 0);
            chances.put(fault, worst > 0 && random.nextBoolean() ? 1 + random.nextInt(worst) : 0);
        }
    }

    @Override
    public boolean sleepy() {
        return sleepy;
    }

    @Override
    public void calm() {
        calm = true;
    }

    @Override
    public @Nullable Fault message(String what) {
        return what.equals("notification") ? pick(Fault.NOTIFICATION_LOST) : pick(MESSAGES);
    }

    @Override
    public @Nullable Fault transaction(String what) {
        // Whoever has just read what to decide on, or has just decided, is where a pause does most.
        boolean deciding = DECIDING.contains(what);
        if (sleepy && !calm && deciding && random.nextInt(SLEEPY_ONE_IN) == 0) {
            return Fault.REPLICA_PAUSED;
        }
        return deciding && pick(PAUSE) != null ? Fault.REPLICA_PAUSED : pick(TRANSACTIONS);
    }

    @Override
    public @Nullable Fault action(String what) {
        return what.equals("begins") ? pick(Fault.DISK_SLOW) : pick(ACTIONS);
    }

    private @Nullable Fault pick(Fault... kinds) {
        if (calm) {
            return null;
        }
        int drawn = random.nextInt(10_000);
        for (Fault kind : kinds) {
            drawn -= chances.getOrDefault(kind, 0);
            if (drawn < 0) {
                return kind;
            }
        }
        return null;
    }
}
