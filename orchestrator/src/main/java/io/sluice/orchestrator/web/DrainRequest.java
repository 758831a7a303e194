package io.sluice.orchestrator.web;

import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/workers/{id}/drain}; everything may be left out.
 *
 * @param reason for people; at most 500 characters
 * @param maxConcurrentPerSource migrations under way from the worker at once, 1 to 64; 2 if left out
 * @param maxConcurrentPerDestination migrations under way to any one destination at once, 1 to 64; 2 if left out
 */
public record DrainRequest(
        @Nullable String reason,
        @Nullable Integer maxConcurrentPerSource,
        @Nullable Integer maxConcurrentPerDestination) {}
