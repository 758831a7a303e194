package io.sluice.iscsi.bench;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one run of a work came to.
 *
 * @param serverCpu spent by the server while it was measured
 * @param latency null where the client does not tell it
 */
record Measurement(
        long requests,
        long bytes,
        Duration took,
        Duration serverCpu,
        @Nullable Latency latency) {

    private static final double GIB = 1L << 30;
    private static final double MEGABYTE = 1e6;
    private static final double NANOS = 1e9;

    double requestsPerSecond() {
        return requests * NANOS / took.toNanos();
    }

    double megabytesPerSecond() {
        return bytes / MEGABYTE * NANOS / took.toNanos();
    }

    double cpuSecondsPerGib() {
        return serverCpu.toNanos() / NANOS / (bytes / GIB);
    }
}
