package io.sluice.iscsi.netty;

/**
 * Bytes that may be moved now, refilled at a rate. May go below zero by one command; the next then waits for longer. Pure: time is
 * handed in.
 *
 * @param bytesPerSecond the rate
 * @param tokens bytes free at {@code atNanos}
 */
record TokenBucket(long bytesPerSecond, double tokens, long atNanos) {

    private static final double NANOS = 1e9;
    /** What gathers in idle times: a tenth of a second's worth, so that the rate also holds over short times. */
    private static final double BURST_SECONDS = 0.1;

    static TokenBucket full(long bytesPerSecond, long nowNanos) {
        return new TokenBucket(bytesPerSecond, bytesPerSecond * BURST_SECONDS, nowNanos);
    }

    TokenBucket refilled(long nowNanos) {
        double gained = (nowNanos - atNanos) / NANOS * bytesPerSecond;
        return new TokenBucket(bytesPerSecond, Math.min(tokens + gained, bytesPerSecond * BURST_SECONDS), nowNanos);
    }

    boolean open() {
        return tokens > 0;
    }

    TokenBucket less(long bytes) {
        return new TokenBucket(bytesPerSecond, tokens - bytes, atNanos);
    }

    /** Until a token is there, from {@code atNanos} on. */
    long nanosToOpen() {
        return tokens > 0 ? 0 : (long) Math.ceil((1 - tokens) / bytesPerSecond * NANOS);
    }

    /** The same debt at another rate. */
    TokenBucket at(long newBytesPerSecond) {
        return new TokenBucket(newBytesPerSecond, Math.min(tokens, newBytesPerSecond * BURST_SECONDS), atNanos);
    }
}
