package io.sluice.agent.api;

import org.jspecify.annotations.Nullable;

/**
 * Something that keeps this host from reaching its spec.
 *
 * @param migration null when it concerns the host as a whole
 * @param code stable, upper case, words joined by underscores
 * @param message names what was attempted, what happened, and the remedy; holds no secret
 * @param seconds how long it has been so
 */
public record FailureReport(
        @Nullable MigrationId migration, String code, String message, FailureKind kind, long seconds, int attempts) {}
