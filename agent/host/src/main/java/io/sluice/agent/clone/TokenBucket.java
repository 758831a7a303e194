package io.sluice.agent.clone;

import org.jspecify.annotations.Nullable;

/**
 * A byte rate that may be changed at any time. Spends first and waits afterwards, so that one region may be larger than the
 * burst. Somebody else may use part of the rate: it is then taken off, but never all of it. Knows no clock: every call says what
 * time it is. Not thread-safe.
 */
final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    /** A tenth of a second's worth may be saved up: smooth, yet not broken into drips. */
    private static final double BURST_SECONDS = 0.1;

    /** Of what comes in, this share at most goes to somebody else. */
    private static final double MOST_YIELDED = 0.75;

    private @Nullable Long bytesPerSecond;
    private double tokens;
    /** What somebody else has used and has not been taken off yet; at most a second's worth. */
    private double yielded;

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

    /** Somebody else used so much of the same rate. */
    void giveWay(long bytes, long now) {
        fill(now);
        Long rate = bytesPerSecond;
        if (rate != null) {
            yielded = Math.min(rate, yielded + bytes);
        }
    }

    private void fill(long now) {
        Long rate = bytesPerSecond;
        if (rate != null) {
            double gained = (now - filledAt) / NANOS_PER_SECOND * rate;
            double taken = Math.min(yielded, gained * MOST_YIELDED);
            yielded -= taken;
            tokens = Math.min(rate * BURST_SECONDS, tokens + gained - taken);
        }
        filledAt = now;
    }
}
