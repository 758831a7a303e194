package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.DrainRequest;
import io.sluice.orchestrator.web.DrainView;
import io.sluice.orchestrator.web.DrainsRequest;
import io.sluice.orchestrator.web.LimitsView;
import io.sluice.orchestrator.web.MigrationView;
import io.sluice.orchestrator.web.PlanView;
import io.sluice.orchestrator.web.PlansView;
import io.sluice.orchestrator.web.SteeringOperations.OfDrain;
import io.sluice.orchestrator.web.SteeringOperations.OfMigration;

/** What an operator can start and stop from the pages. Each may be asked twice: the second time changes nothing. */
public interface DrainActions {

    /** What a drain would do; starts nothing. */
    PlanView plan(String worker);

    DrainView start(String worker, DrainRequest request, String actor);

    /** What drains of several workers together would do; kept for a day, so that exactly it can be executed. */
    PlansView plan(DrainsRequest request, String actor);

    /** Starts exactly what such a plan said, or is refused. */
    void execute(String plan, String actor);

    /** Changes what a drain keeps to while it runs. */
    DrainView change(String drain, LimitsView limits, String actor);

    DrainView cancel(String drain, String actor);

    DrainView steer(String drain, OfDrain what, String reason, String actor);

    /** A retry answers with the migration that is tried now. */
    MigrationView steer(String migration, OfMigration what, String reason, String actor);

    void cordon(String worker);

    void uncordon(String worker);

    /** A worker that is lost does not come back; refused while it reports. */
    void writeOff(String worker, String reason, String actor);

    void reinstate(String worker, String reason, String actor);
}
