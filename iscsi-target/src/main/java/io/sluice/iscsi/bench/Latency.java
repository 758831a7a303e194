package io.sluice.iscsi.bench;

/** How long requests took, in buckets a sixteenth of a power of two wide. For one thread. */
final class Latency {

    private static final int STEPS_BITS = 4;
    private static final int STEPS = 1 << STEPS_BITS;

    private final long[] buckets = new long[Long.SIZE * STEPS];
    private long count;

    void add(long nanos) {
        buckets[bucket(Math.max(nanos, STEPS))]++;
        count++;
    }

    /** The time that a share of all requests, 0 to 1, did not exceed; 0 when there was none. */
    long quantileNanos(double share) {
        long wanted = (long) Math.ceil(count * share);
        long seen = 0;
        for (int bucket = 0; bucket < buckets.length; bucket++) {
            seen += buckets[bucket];
            if (seen >= wanted && seen > 0) {
                return upperEnd(bucket);
            }
        }
        return 0;
    }

    private static int bucket(long nanos) {
        int power = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos);
        int step = (int) (nanos >>> (power - STEPS_BITS)) & (STEPS - 1);
        return power * STEPS + step;
    }

    private static long upperEnd(int bucket) {
        int power = bucket / STEPS;
        long step = bucket % STEPS;
        return power < STEPS_BITS ? 0 : (STEPS + step + 1) << (power - STEPS_BITS);
    }
}
