package io.sluice.orchestrator.migration;

import io.sluice.orchestrator.reason.Reason;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a migration stands: what one commit replaces as a whole.
 *
 * @param version rises by one with every commit; each commit compares it
 * @param since when the state was entered
 * @param deadline when the state should have been left; null for states that may last
 * @param generations committed with the state
 * @param cause why it was given up; null unless it was
 * @param reason what it waits for; null when nothing was noted yet
 * @param reasonSince since when that reason's code holds; null exactly when there is no reason
 */
public record Position(
        MigrationState state,
        long version,
        Instant since,
        @Nullable Instant deadline,
        Generations generations,
        @Nullable Reason cause,
        @Nullable Reason reason,
        @Nullable Instant reasonSince) {

    /** Of a migration nobody has looked at yet. */
    public static Position planned(Instant now) {
        return new Position(MigrationState.Reversible.PLANNED, 0, now, null, Generations.NONE, null, null, null);
    }

    /** Why it waits: the time changes only when the code does. */
    public Position waiting(Reason next, Instant now) {
        boolean same = reason != null && reason.code().equals(next.code());
        return new Position(state, version, since, deadline, generations, cause, next, same ? reasonSince : now);
    }
}
