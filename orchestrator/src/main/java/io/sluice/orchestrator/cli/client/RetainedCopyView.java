package io.sluice.orchestrator.cli.client;

import org.jspecify.annotations.Nullable;

/** A copy that the source of a migration kept; times are ISO 8601. */
public record RetainedCopyView(
        String worker,
        String volume,
        long epoch,
        String migration,
        String drain,
        @Nullable Long bytes,
        String since,
        @Nullable String deletableAt,
        String policy,
        String state,
        @Nullable String decidedBy) {}
