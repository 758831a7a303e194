package io.sluice.agent.clone.pace;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is known at one tick, a second after the one before.
 *
 * @param roundTrip of one small read of the source
 */
public record HydrationSample(int regionBytes, Duration roundTrip, Seen seen, Goal goal) {

    /**
     * Since the tick before.
     *
     * @param inFlightRegions being copied now
     * @param heldBack whether a ceiling kept copying from more
     */
    public record Seen(long copiedBytes, long inFlightRegions, GuestLoad guest, boolean heldBack) {}

    /**
     * What is to be reached.
     *
     * @param left time until the deadline, zero when it has passed; null is none
     * @param allowed time from the beginning to the deadline
     * @param limitBytesPerSecond ceiling of copying; null is none
     */
    public record Goal(
            long bytesLeft,
            @Nullable Duration left,
            Duration allowed,
            @Nullable Long limitBytesPerSecond) {}
}
