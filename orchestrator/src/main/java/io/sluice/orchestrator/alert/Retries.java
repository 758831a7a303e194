package io.sluice.orchestrator.alert;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** When a delivery that failed is tried again. Pure. */
final class Retries {
    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    /** About a day: a receiver that is away for a weekend finds what it missed among the given up ones. */
    private static final int MOST = 150;

    private Retries() {}

    /** @param failed how often it has failed by now; null gives it up */
    static @Nullable Duration after(int failed) {
        if (failed >= MOST) {
            return null;
        }
        Duration wait = failed > 20 ? LONGEST : FIRST.multipliedBy(1L << (failed - 1));
        return wait.compareTo(LONGEST) < 0 ? wait : LONGEST;
    }
}
