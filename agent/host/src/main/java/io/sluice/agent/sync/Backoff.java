package io.sluice.agent.sync;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after so many failures in a row: doubling, bounded, and spread so that hosts do not come back at once. */
final class Backoff {
    static final Duration FIRST = Duration.ofMillis(200);

    /** Bounds how long a host stays unseen after the orchestrator is back. */
    static final Duration SLOWEST = Duration.ofSeconds(15);

    private Backoff() {}

    static Duration after(int failures, RandomGenerator random) {
        Duration full = FIRST.multipliedBy(1L << Math.min(Math.max(failures, 1) - 1, 10));
        Duration bounded = full.compareTo(SLOWEST) > 0 ? SLOWEST : full;
        return spread(bounded, random);
    }

    /** The slow end: for what only a person can cure. */
    static Duration slowest(RandomGenerator random) {
        return spread(SLOWEST, random);
    }

    private static Duration spread(Duration full, RandomGenerator random) {
        return full.multipliedBy(50 + random.nextInt(51)).dividedBy(100);
    }
}
