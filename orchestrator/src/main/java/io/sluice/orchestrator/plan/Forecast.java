package io.sluice.orchestrator.plan;

import org.jspecify.annotations.Nullable;

/**
 * What executing the plan takes.
 *
 * @param bytes what must be copied: allocated bytes where known, else sizes
 * @param seconds null while no rate is known
 */
public record Forecast(long bytes, @Nullable Long seconds) {}
