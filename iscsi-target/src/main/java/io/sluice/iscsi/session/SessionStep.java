package io.sluice.iscsi.session;

import java.util.List;

/** What an input came to. */
public record SessionStep(SessionState state, List<SessionOutput> outputs) {

    public SessionStep {
        outputs = List.copyOf(outputs);
    }
}
