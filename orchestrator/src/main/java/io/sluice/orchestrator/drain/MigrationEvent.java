package io.sluice.orchestrator.drain;

import io.sluice.agent.api.MigrationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One commit of a migration.
 *
 * @param cursor rises over all migrations
 * @param from null for its making
 * @param reason why it was given up; null for the ordinary course
 */
public record MigrationEvent(
        long cursor,
        MigrationId migration,
        String cargo,
        Instant at,
        @Nullable String from,
        String to,
        @Nullable String reason,
        @Nullable Long millisInPrevious) {}
