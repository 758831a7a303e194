package io.sluice.orchestrator.cli.demo;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for what other processes do: looks again and again, with a limit. */
final class Await {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private Await() {}

    static void until(String what, Duration limit, BooleanSupplier condition) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new DemoFailure("gave up after " + limit.toSeconds() + " s waiting until " + what);
            }
            pause(BETWEEN_LOOKS);
        }
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted", e);
        }
    }
}
