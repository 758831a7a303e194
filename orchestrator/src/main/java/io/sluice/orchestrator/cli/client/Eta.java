package io.sluice.orchestrator.cli.client;

import org.jspecify.annotations.Nullable;

/** How long something still takes, at the best and at the worst of what is observed. */
public record Eta(@Nullable Long minSeconds, @Nullable Long maxSeconds) {}
