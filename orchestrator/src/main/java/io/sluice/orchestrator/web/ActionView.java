package io.sluice.orchestrator.web;

import io.sluice.orchestrator.drain.OperatorAction;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something an operator asked of a drain.
 *
 * @param migration null when it concerned the whole drain
 * @param reason empty when none was given
 */
public record ActionView(
        Instant at,
        String actor,
        OperatorAction.Kind action,
        @Nullable String migration,
        String reason) {

    static ActionView of(OperatorAction.Recorded recorded) {
        OperatorAction action = recorded.action();
        return new ActionView(
                recorded.at(),
                action.by().actor(),
                action.kind(),
                action.migration() == null ? null : action.migration().value(),
                action.by().reason());
    }
}
