package io.sluice.agent.clone;

import org.jspecify.annotations.Nullable;

/**
 * A byte rate that may be changed at any time. Spends first and waits afterwards, so that one region may be larger than the
 * burst. Knows no clock: every call says what time it is. Not thread-safe.
 */
final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    /** A tenth of a second's worth may be saved up: smooth, yet not broken into drips. */
    private static final double BURST_SECONDS = 0.1;

    private @Nullable Long bytesPerSecond;
    private double tokens;
    private long filledAt;

    TokenBucket(long now) {
        this.filledAt = now;
    }

    /** Null is no limit. */
    void rate(@Nullable Long newBytesPerSecond, long now) {
        fill(now);
        bytesPerSecond = newBytesPerSecond;
        if (newBytesPerSecond != null) {
            tokens = Math.min(tokens, newBytesPerSecond * BURST_SECONDS);
        }
    }

    /** Nanoseconds until something may be spent again; 0 is now. */
    long nanosToWait(long now) {
        fill(now);
        Long rate = bytesPerSecond;
        if (rate == null || tokens >= 0) {
            return 0;
        }
        return rate <= 0 ? Long.MAX_VALUE : Math.max(1, (long) (-tokens / rate * NANOS_PER_SECOND));
    }

    void spend(long bytes) {
        if (bytesPerSecond != null) {
            tokens -= bytes;
        }
    }

    private void fill(long now) {
        Long rate = bytesPerSecond;
        if (rate != null) {
            tokens = Math.min(rate * BURST_SECONDS, tokens + (now - filledAt) / NANOS_PER_SECOND * rate);
        }
        filledAt = now;
    }
}
