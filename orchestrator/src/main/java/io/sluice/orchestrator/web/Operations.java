package io.sluice.orchestrator.web;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainOrder;
import io.sluice.orchestrator.drain.DrainService;
import io.sluice.orchestrator.problem.ProblemException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/**
 * Everything an operator can ask for, checked; for the REST controllers and the pages alike. An unknown id is a 404 problem.
 * Each may be asked twice: the second time changes nothing.
 */
@Component
public class Operations {
    private static final int MAX_REASON = 500;

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
        if (drains.uncordon(views.requireWorker(worker)) instanceof DrainService.Answer.Draining draining) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    "WORKER_DRAINING",
                    "worker '" + worker + "' is being drained by " + draining.drain(),
                    "Cancel the drain first: POST /api/v1/drains/" + draining.drain() + "/cancel");
        }
    }

    /** The worker's drain: begun now, or the one under way. */
    public DrainView drain(String worker, @Nullable DrainRequest request, String actor) {
        return views.drain(drains.start(order(views.requireWorker(worker), request, actor))
                .id()
                .value());
    }

    /** What a drain would do. */
    public PlanView dryRun(String worker, @Nullable DrainRequest request, String actor) {
        return views.dryRun(order(views.requireWorker(worker), request, actor));
    }

    public DrainView cancel(String id) {
        Drain drain = views.requireDrain(id);
        if (!drains.cancel(drain.id()) && drain.outcome() != Drain.Outcome.CANCELLED) {
            throw new ProblemException(
                    HttpStatus.CONFLICT,
                    "DRAIN_ENDED",
                    "drain '" + id + "' is through; there is nothing left to cancel",
                    "To use its worker again: POST /api/v1/workers/" + drain.worker() + "/uncordon");
        }
        return views.drain(id);
    }

    private static DrainOrder order(WorkerId worker, @Nullable DrainRequest request, String actor) {
        DrainRequest wish = request == null ? new DrainRequest(null, null, null) : request;
        String reason = wish.reason() == null ? "" : wish.reason().strip();
        if (reason.length() > MAX_REASON) {
            throw invalid("reason has " + reason.length() + " characters, at most " + MAX_REASON + " are kept");
        }
        return new DrainOrder(
                worker,
                actor,
                reason,
                concurrency("maxConcurrentPerSource", wish.maxConcurrentPerSource()),
                concurrency("maxConcurrentPerDestination", wish.maxConcurrentPerDestination()));
    }

    private static int concurrency(String field, @Nullable Integer value) {
        if (value == null) {
            return DrainOrder.DEFAULT_CONCURRENCY;
        }
        if (value < 1 || value > DrainOrder.MAX_CONCURRENCY) {
            throw invalid(field + " is " + value + ", not 1 to " + DrainOrder.MAX_CONCURRENCY);
        }
        return value;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(
                HttpStatus.UNPROCESSABLE_CONTENT,
                "INVALID_REQUEST",
                detail,
                "Correct the field named, or leave it out.");
    }
}
