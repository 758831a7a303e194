package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.drain.DrainMode;
import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.web.DrainRequest;
import io.sluice.orchestrator.web.DrainsRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The fields of the form that drains several workers together: those ticked, or those that a selector names. The rest is that of
 * {@link WishForm}.
 */
record JointForm(
        @Nullable List<String> workers,
        @Nullable String selector,
        @Nullable String reason,
        @Nullable DrainMode mode,
        @Nullable String notBefore,
        @Nullable String window,
        @Nullable String deadline,
        Steering.@Nullable Missed deadlineMissed,
        @Nullable Integer priority,
        @Nullable Boolean keepCopies) {

    DrainsRequest request() {
        DrainRequest each =
                new WishForm(reason, mode, notBefore, window, deadline, deadlineMissed, priority, keepCopies).request();
        String terms = selector == null || selector.isBlank() ? null : selector.strip();
        return new DrainsRequest(
                workers == null || workers.isEmpty() ? null : workers,
                terms,
                null,
                each.reason(),
                each.mode(),
                each.maxConcurrentPerSource(),
                each.maxConcurrentPerDestination(),
                each.priority(),
                each.notBefore(),
                each.windows(),
                each.deadline(),
                each.deadlineMissed(),
                each.retainSeconds(),
                each.keepCopies(),
                each.thirdParty());
    }
}
