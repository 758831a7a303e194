package io.sluice.agent.api;

import org.jspecify.annotations.Nullable;

/**
 * How background copying should run.
 *
 * @param bytesPerSecond ceiling; null is no ceiling
 * @param paused true stops background copying; fall-through reads and promotion go on
 * @param deadlineEpochSecond when all should be local, by the clocks that the hosts share; null, as from an orchestrator that
 *     tells none, leaves it to the host's own policy
 */
public record HydrationOrder(
        @Nullable Long bytesPerSecond,
        boolean paused,
        @Nullable Long deadlineEpochSecond) {
    public static final HydrationOrder UNLIMITED = new HydrationOrder(null, false);

    /** Without a deadline. */
    public HydrationOrder(@Nullable Long bytesPerSecond, boolean paused) {
        this(bytesPerSecond, paused, null);
    }

    public HydrationOrder within(@Nullable Long ceilingBytesPerSecond) {
        return new HydrationOrder(ceilingBytesPerSecond, paused, deadlineEpochSecond);
    }

    public HydrationOrder until(@Nullable Long epochSecond) {
        return new HydrationOrder(bytesPerSecond, paused, epochSecond);
    }
}
