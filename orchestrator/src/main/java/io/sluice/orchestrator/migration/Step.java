package io.sluice.orchestrator.migration;

import io.sluice.orchestrator.reason.Reason;
import org.jspecify.annotations.Nullable;

/** What the machine says. */
public sealed interface Step {
    /** Commit this state; {@code why} says why it is given up, null for the ordinary course. */
    record Enter(MigrationState state, @Nullable Reason why) implements Step {}

    /** Stay, for this reason. */
    record Wait(Reason reason) implements Step {}

    /** Ended: nothing will ever happen to it again. */
    record Rest() implements Step {}
}
