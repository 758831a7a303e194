package io.sluice.orchestrator.plan;

import org.jspecify.annotations.Nullable;

/**
 * What executing the plan takes, with all that is planned together.
 *
 * @param bytes what must be copied: allocated bytes where known, else sizes
 * @param seconds until the last of it is copied; null while no rate and no ceiling says how fast it goes
 * @param secondsAtMost the same if every byte of every volume had to be copied
 * @param exposureBytes the most that is still to be copied at any time of what is under way: so much depends on two workers at once
 */
public record Forecast(
        long bytes,
        @Nullable Long seconds,
        @Nullable Long secondsAtMost,
        @Nullable Long exposureBytes) {}
