package io.sluice.agent.clone;

/** Bytes per second over the last few whole seconds. Knows no clock: every call says what time it is. */
final class RateMeter {
    private static final int SECONDS = 4;
    private static final long NANOS = 1_000_000_000L;

    private final long[] buckets = new long[SECONDS + 1];
    private final long startedAt;
    private long second;

    RateMeter(long now) {
        this.startedAt = now;
    }

    synchronized void add(long bytes, long now) {
        advance(now);
        buckets[(int) (second % buckets.length)] += bytes;
    }

    /** Of the whole seconds that are over; of the first second, what there is so far. */
    synchronized long bytesPerSecond(long now) {
        advance(now);
        if (second == 0) {
            return buckets[0];
        }
        long sum = 0;
        int seconds = (int) Math.min(second, SECONDS);
        for (int back = 1; back <= seconds; back++) {
            sum += buckets[(int) ((second - back) % buckets.length)];
        }
        return sum / seconds;
    }

    private void advance(long now) {
        long current = Math.max(second, (now - startedAt) / NANOS);
        for (long next = Math.max(second + 1, current - SECONDS); next <= current; next++) {
            buckets[(int) (next % buckets.length)] = 0;
        }
        second = current;
    }
}
