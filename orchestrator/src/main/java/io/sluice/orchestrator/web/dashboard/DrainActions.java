package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.DrainRequest;
import io.sluice.orchestrator.web.DrainView;
import io.sluice.orchestrator.web.PlanView;

/** What an operator can start and stop from the pages. Each may be asked twice: the second time changes nothing. */
public interface DrainActions {

    /** What a drain would do; starts nothing. */
    PlanView plan(String worker);

    DrainView start(String worker, DrainRequest request, String actor);

    DrainView cancel(String drain, String actor);

    void cordon(String worker);

    void uncordon(String worker);
}
