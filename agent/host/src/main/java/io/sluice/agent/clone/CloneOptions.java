package io.sluice.agent.clone;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a clone device works.
 *
 * @param regionBytes a power of two, at least a block; null chooses by volume size (64 KiB up to 4 GiB, then doubling, at most
 *     1 MiB); metadata that exists keeps its own
 * @param regionsInFlight most regions copied in the background at once while the workload needs nothing from the source
 * @param commitEvery longest time until a region that became local is remembered as such
 * @param firstRetry wait after the first failed read of the source; doubles up to {@code longestRetry}
 * @param nanoClock monotonic, for rates
 */
public record CloneOptions(
        @Nullable Integer regionBytes,
        int regionsInFlight,
        Duration commitEvery,
        Duration firstRetry,
        Duration longestRetry,
        LongSupplier nanoClock) {

    /** 8 regions of 64 KiB to 1 MiB are half a MiB to 8 MiB in flight: enough for 10 Gbit/s at 1 ms, little memory. */
    public static final CloneOptions DEFAULTS = new CloneOptions(
            null, 8, Duration.ofSeconds(1), Duration.ofMillis(100), Duration.ofSeconds(5), System::nanoTime);

    public CloneOptions {
        if (regionsInFlight < 1 || regionsInFlight > 64) {
            throw new IllegalArgumentException(regionsInFlight + " regions in flight: use 1 to 64");
        }
    }

    public CloneOptions withRegionBytes(int bytes) {
        return new CloneOptions(bytes, regionsInFlight, commitEvery, firstRetry, longestRetry, nanoClock);
    }

    public CloneOptions withRegionsInFlight(int regions) {
        return new CloneOptions(regionBytes, regions, commitEvery, firstRetry, longestRetry, nanoClock);
    }

    public CloneOptions withCommitEvery(Duration every) {
        return new CloneOptions(regionBytes, regionsInFlight, every, firstRetry, longestRetry, nanoClock);
    }

    public CloneOptions withRetries(Duration first, Duration longest) {
        return new CloneOptions(regionBytes, regionsInFlight, commitEvery, first, longest, nanoClock);
    }

    public CloneOptions withNanoClock(LongSupplier clock) {
        return new CloneOptions(regionBytes, regionsInFlight, commitEvery, firstRetry, longestRetry, clock);
    }
}
