package io.sluice.orchestrator.drain;

import io.sluice.agent.api.MigrationId;
import io.sluice.orchestrator.fleet.DrainId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something an operator asked of a drain that was there, and got.
 *
 * @param migration null when it concerns the whole drain
 */
public record OperatorAction(
        Kind kind, DrainId drain, @Nullable MigrationId migration, By by) {
    /** What was asked. */
    public enum Kind {
        START,
        PAUSE,
        RESUME,
        CHANGE,
        CANCEL,
        HOLD,
        PROCEED,
        ABORT,
        RETRY
    }

    /** Who asked, and why; an empty reason is none. */
    public record By(String actor, String reason) {}

    /** With its time. */
    public record Recorded(Instant at, OperatorAction action) {}
}
