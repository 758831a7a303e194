package io.sluice.orchestrator.web.dashboard;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.DrainOrder;
import io.sluice.orchestrator.drain.DrainService;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.problem.ProblemException;
import io.sluice.orchestrator.web.DrainRequest;
import io.sluice.orchestrator.web.DrainView;
import io.sluice.orchestrator.web.MigrationView;
import io.sluice.orchestrator.web.PlanView;
import io.sluice.orchestrator.web.Views;
import io.sluice.orchestrator.web.VolumeView;
import io.sluice.orchestrator.web.WorkerView;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** The pages' ports over the services that REST answers from. */
@Component
class ServedFleet implements ShownFleet, ShownDrains, DrainActions {

    /** As much as REST keeps of a reason; the form's field ends there too. */
    private static final int MOST_REASON = 500;

    private final Views views;
    private final DrainService service;

    ServedFleet(Views views, DrainService service) {
        this.views = views;
        this.service = service;
    }

    @Override
    public List<WorkerView> workers() {
        return views.workers();
    }

    @Override
    public WorkerView worker(String id) {
        return views.worker(id);
    }

    @Override
    public List<VolumeView> volumes() {
        return views.volumes();
    }

    @Override
    public List<DrainView> drains() {
        return views.drains();
    }

    @Override
    public DrainView drain(String id) {
        return views.drain(id);
    }

    @Override
    public MigrationView migration(String id) {
        return views.migration(id);
    }

    @Override
    public PlanView plan(String worker) {
        return views.dryRun(order(worker, "", "dashboard"));
    }

    @Override
    public DrainView start(String worker, DrainRequest request, String actor) {
        String reason = request.reason() == null ? "" : request.reason();
        String kept = reason.length() > MOST_REASON ? reason.substring(0, MOST_REASON) : reason;
        return views.drain(service.start(order(worker, kept, actor)).id().value());
    }

    @Override
    public DrainView cancel(String drain, String actor) {
        service.cancel(new DrainId(views.drain(drain).id()));
        return views.drain(drain);
    }

    @Override
    public void cordon(String worker) {
        service.cordon(known(worker));
    }

    @Override
    public void uncordon(String worker) {
        if (service.uncordon(known(worker)) instanceof DrainService.Answer.Draining draining) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    "WORKER_DRAINING",
                    "worker '" + worker + "' is being drained by " + draining.drain(),
                    "Cancel the drain first, or let it end.");
        }
    }

    private DrainOrder order(String worker, String reason, String actor) {
        return new DrainOrder(
                known(worker), actor, reason, DrainOrder.DEFAULT_CONCURRENCY, DrainOrder.DEFAULT_CONCURRENCY);
    }

    /** The id of a worker there is; the answer to any other is a 404. */
    private WorkerId known(String worker) {
        return new WorkerId(views.worker(worker).id());
    }
}
