package io.sluice.orchestrator.cli.bench;

import java.util.Arrays;
import java.util.Locale;

/** Times that were measured, of which quantiles are told. Any thread may add. */
final class Latencies {
    private static final double NANOS_PER_MILLI = 1e6;

    private long[] nanos = new long[1024];
    private int count;

    synchronized void add(long time) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = time;
    }

    synchronized int count() {
        return count;
    }

    synchronized void clear() {
        count = 0;
    }

    /** The smallest time that so large a share of all does not exceed, in milliseconds; not a number when nothing was measured. */
    synchronized double millis(double share) {
        if (count == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int index = (int) Math.ceil(share * count) - 1;
        return sorted[Math.max(0, index)] / NANOS_PER_MILLI;
    }

    Quantiles quantiles() {
        return new Quantiles(rounded(millis(0.5)), rounded(millis(0.99)), count());
    }

    /** To a hundredth; null when nothing was measured. */
    static Double rounded(double value) {
        return Double.valueOf(Math.round(value * 100) / 100.0);
    }

    /** Milliseconds. */
    record Quantiles(Double p50, Double p99, int count) {
        String words() {
            return String.format(Locale.ROOT, "p50 %.1f ms, p99 %.1f ms (%d)", p50, p99, count);
        }
    }
}
