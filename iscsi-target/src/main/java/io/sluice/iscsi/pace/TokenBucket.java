package io.sluice.iscsi.pace;

/**
 * What may be moved now, refilled at a rate. May go below zero by one request; the next then waits for longer, so that the rate
 * holds whatever the sizes are. Pure: time is handed in.
 *
 * @param perSecond the rate
 * @param tokens free at {@code atNanos}
 */
record TokenBucket(long perSecond, double tokens, long atNanos) {

    private static final double NANOS = 1e9;
    /**
     * What gathers in idle times, as a share of a second: little, so that the rate also holds over one second, and more than a
     * thread is usually late.
     */
    private static final double BURST_SECONDS = 0.04;

    static TokenBucket full(long perSecond, long nowNanos) {
        return new TokenBucket(perSecond, perSecond * BURST_SECONDS, nowNanos);
    }

    TokenBucket refilled(long nowNanos) {
        double gained = (nowNanos - atNanos) / NANOS * perSecond;
        return new TokenBucket(perSecond, Math.min(tokens + gained, perSecond * BURST_SECONDS), nowNanos);
    }

    boolean open() {
        return tokens > 0;
    }

    TokenBucket less(long amount) {
        return new TokenBucket(perSecond, tokens - amount, atNanos);
    }

    /** Until something may be moved, from {@code atNanos} on. */
    long nanosToOpen() {
        return tokens > 0 ? 0 : (long) (-tokens / perSecond * NANOS) + 1;
    }

    /** The same debt at another rate. */
    TokenBucket at(long newPerSecond) {
        return new TokenBucket(newPerSecond, Math.min(tokens, newPerSecond * BURST_SECONDS), atNanos);
    }
}
