package io.sluice.orchestrator.web;

import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainService;
import io.sluice.orchestrator.drain.OperatorAction.By;
import io.sluice.orchestrator.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * What an operator can ask of a worker, and cancelling a drain, checked; for the REST controllers and the pages alike. An unknown id is a 404 problem.
 * Each may be asked twice: the second time changes nothing.
 */
@Component
public class Operations {
    private final Views views;
    private final DrainService drains;

    Operations(Views views, DrainService drains) {
        this.views = views;
        this.drains = drains;
    }

    public void cordon(String worker) {
        drains.cordon(views.requireWorker(worker));
    }

    public void uncordon(String worker) {
        switch (drains.uncordon(views.requireWorker(worker))) {
            case DrainService.Answer.Done done -> {}
            case DrainService.Answer.Draining draining ->
                throw new ProblemException(
                        HttpStatus.CONFLICT,
                        "WORKER_DRAINING",
                        "worker '" + worker + "' is being drained by " + draining.drain(),
                        "Cancel the drain first: POST /api/v1/drains/" + draining.drain() + "/cancel");
            case DrainService.Answer.Decommissioned decommissioned ->
                throw new ProblemException(
                        HttpStatus.CONFLICT,
                        "WORKER_DECOMMISSIONED",
                        "worker '" + worker + "' was drained for good by " + decommissioned.drain(),
                        "To keep it in the fleet after all, cancel that drain: POST /api/v1/drains/"
                                + decommissioned.drain() + "/cancel");
        }
    }

    public DrainView cancel(String id, @Nullable String reason, String actor) {
        Drain drain = views.requireDrain(id);
        By by = new By(actor, Orders.reason(reason));
        if (!drains.cancel(drain.id(), by)
                && drain.cancelRequestedAt() == null
                && drain.outcome() != Drain.Outcome.CANCELLED) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    "DRAIN_ENDED",
                    "drain '" + id + "' is through; there is nothing left to cancel",
                    "To use its worker again: POST /api/v1/workers/" + drain.worker() + "/uncordon");
        }
        return views.drain(id);
    }
}
