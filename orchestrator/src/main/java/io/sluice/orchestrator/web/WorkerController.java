package io.sluice.orchestrator.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Workers, and what an operator asks of one. */
@RestController
@RequestMapping("/api/v1/workers")
@Tag(name = "workers")
class WorkerController {
    private final Views views;
    private final Operations operations;
    private final DrainOperations drains;
    private final WriteOffOperations writeOffs;
    private final Bodies bodies;

    WorkerController(
            Views views, Operations operations, DrainOperations drains, WriteOffOperations writeOffs, Bodies bodies) {
        this.views = views;
        this.operations = operations;
        this.drains = drains;
        this.writeOffs = writeOffs;
        this.bodies = bodies;
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
        operations.cordon(id);
        return views.worker(id);
    }

    @PostMapping("/{id}/uncordon")
    @Operation(
            summary = "Lets volumes land on a worker again",
            description =
                    "After a drain for maintenance it ends that drain, which gives the worker back as it was: a worker"
                            + " that an operator had cordoned stays cordoned until it is uncordoned once more. After one"
                            + " for good it is refused.")
    WorkerView uncordon(@PathVariable String id) {
        operations.uncordon(id);
        return views.worker(id);
    }

    @PostMapping("/{id}/write-off")
    @Operation(
            summary = "Says that a worker which is lost does not come back",
            description =
                    "What waits for it alone goes on without it: migrations whose workload has not started elsewhere are"
                            + " given up, those that only had to release it are done. Nothing is deleted, and nothing"
                            + " goes wrong if it comes back all the same. Refused while the worker reports.")
    WorkerView writeOff(
            @PathVariable String id,
            @Reads(ReasonRequest.class) @RequestBody(required = false) @Nullable JsonNode body,
            Principal operator) {
        return writeOffs.writeOff(id, bodies.read(body, ReasonRequest.class).reason(), operator.getName());
    }

    @PostMapping("/{id}/reinstate")
    @Operation(
            summary = "Takes a worker that was written off back into the fleet",
            description = "It stays cordoned. A workload that was stopped on it and went nowhere starts there again.")
    WorkerView reinstate(
            @PathVariable String id,
            @Reads(ReasonRequest.class) @RequestBody(required = false) @Nullable JsonNode body,
            Principal operator) {
        return writeOffs.reinstate(id, bodies.read(body, ReasonRequest.class).reason(), operator.getName());
    }

    @PostMapping("/{id}/drain")
    @Operation(
            summary = "Drains a worker, or shows with dryRun what a drain would do; the same again gives the running"
                    + " drain")
    ResponseEntity<Object> drain(
            @PathVariable String id,
            @RequestParam(defaultValue = "false") boolean dryRun,
            @Reads(DrainRequest.class) @RequestBody(required = false) @Nullable JsonNode body,
            Principal operator) {
        DrainRequest request = bodies.read(body, DrainRequest.class);
        if (dryRun) {
            return ResponseEntity.ok(drains.dryRun(id, request, operator.getName()));
        }
        DrainView drain = drains.drain(id, request, operator.getName());
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/drains/" + drain.id()))
                .body(drain);
    }
}
