package io.sluice.agent.api;

import org.jspecify.annotations.Nullable;

/**
 * How background copying should run.
 *
 * @param bytesPerSecond ceiling; null is no ceiling
 * @param paused true stops background copying; fall-through reads and promotion go on
 */
public record HydrationOrder(@Nullable Long bytesPerSecond, boolean paused) {
    public static final HydrationOrder UNLIMITED = new HydrationOrder(null, false);
}
