package io.sluice.orchestrator.cli.client;

import org.jspecify.annotations.Nullable;

/** A ceiling and what is under it; null is no ceiling, or not known. */
public record CeilingView(
        String scope,
        String name,
        String direction,
        @Nullable Integer maxMigrations,
        @Nullable Long bytesPerSecond,
        @Nullable Integer migrations,
        @Nullable Long grantedBytesPerSecond) {}
