package io.sluice.orchestrator.web;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainOrder;
import io.sluice.orchestrator.drain.DrainService;
import io.sluice.orchestrator.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Workers, and what an operator asks of one. */
@RestController
@RequestMapping("/api/v1/workers")
@Tag(name = "workers")
class WorkerController {
    private static final int MAX_REASON = 500;

    private final Views views;
    private final DrainService drains;

    WorkerController(Views views, DrainService drains) {
        this.views = views;
        this.drains = drains;
    }

    @GetMapping
    @Operation(summary = "Lists workers")
    Items<WorkerView> list() {
        return new Items<>(views.workers());
    }

    @GetMapping("/{id}")
    @Operation(summary = "Shows a worker")
    WorkerView show(@PathVariable String id) {
        return views.worker(id);
    }

    @PostMapping("/{id}/cordon")
    @Operation(summary = "Lets nothing new land on a worker")
    WorkerView cordon(@PathVariable String id) {
        drains.cordon(views.requireWorker(id));
        return views.worker(id);
    }

    @PostMapping("/{id}/uncordon")
    @Operation(summary = "Lets volumes land on a worker again; ends its drain if that is through")
    WorkerView uncordon(@PathVariable String id) {
        return switch (drains.uncordon(views.requireWorker(id))) {
            case DrainService.Answer.Done done -> views.worker(id);
            case DrainService.Answer.Draining draining ->
                throw new ProblemException(
                        HttpStatus.CONFLICT,
                        "WORKER_DRAINING",
                        "worker '" + id + "' is being drained by " + draining.drain(),
                        "Cancel the drain first: POST /api/v1/drains/" + draining.drain() + "/cancel");
        };
    }

    @PostMapping("/{id}/drain")
    @Operation(
            summary =
                    "Drains a worker, or shows with dryRun what a drain would do; the same again gives the running drain")
    ResponseEntity<Object> drain(
            @PathVariable String id,
            @RequestParam(defaultValue = "false") boolean dryRun,
            @RequestBody(required = false) @Nullable DrainRequest request,
            Principal operator) {
        DrainOrder order = order(views.requireWorker(id), request, operator);
        if (dryRun) {
            return ResponseEntity.ok(views.dryRun(order));
        }
        Drain drain = drains.start(order);
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/drains/" + drain.id()))
                .body(views.drain(drain.id().value()));
    }

    private static DrainOrder order(WorkerId worker, @Nullable DrainRequest request, Principal operator) {
        DrainRequest wish = request == null ? new DrainRequest(null, null, null) : request;
        String reason = wish.reason() == null ? "" : wish.reason().strip();
        if (reason.length() > MAX_REASON) {
            throw invalid("reason has " + reason.length() + " characters, at most " + MAX_REASON + " are kept");
        }
        return new DrainOrder(
                worker,
                operator.getName(),
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
