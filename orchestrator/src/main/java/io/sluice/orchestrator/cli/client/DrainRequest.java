package io.sluice.orchestrator.cli.client;

import org.jspecify.annotations.Nullable;

/** What a drain is asked for with; null limits leave the service's defaults. */
public record DrainRequest(
        @Nullable String reason,
        @Nullable Integer maxConcurrentPerSource,
        @Nullable Integer maxConcurrentPerDestination) {

    public static DrainRequest because(@Nullable String reason) {
        return new DrainRequest(reason, null, null);
    }
}
