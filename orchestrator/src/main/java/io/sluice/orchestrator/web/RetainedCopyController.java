package io.sluice.orchestrator.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** Copies that sources kept, and what becomes of them. */
@RestController
@RequestMapping("/api/v1/retained-copies")
@Tag(name = "retained copies")
class RetainedCopyController {
    private static final String COPY = "/{worker}/{volume}/{epoch}";

    private final RetentionOperations retention;
    private final Bodies bodies;

    RetainedCopyController(RetentionOperations retention, Bodies bodies) {
        this.retention = retention;
        this.bodies = bodies;
    }

    /** Says which copy is meant once more. */
    record Confirmation(@Nullable String confirm) {}

    @GetMapping
    @Operation(summary = "Lists the copies that sources still keep, and when policy deletes them")
    Items<RetainedCopyView> list() {
        return new Items<>(retention.copies());
    }

    @PostMapping(COPY + "/keep")
    @Operation(
            summary = "Keeps a copy for good, whatever its policy says",
            description = "409 COPY_BEING_DELETED when its deletion was decided before.")
    RetainedCopyView keep(
            @PathVariable String worker, @PathVariable String volume, @PathVariable long epoch, Principal operator) {
        return retention.keep(worker, volume, epoch, operator.getName());
    }

    @PostMapping(COPY + "/delete")
    @Operation(
            summary = "Deletes a copy now, kept for good or not; it cannot be brought back",
            description = "The body confirms it: {\"confirm\": \"the volume's id\"}; else 422 NOT_CONFIRMED.")
    RetainedCopyView delete(
            @PathVariable String worker,
            @PathVariable String volume,
            @PathVariable long epoch,
            @RequestBody(required = false) @Nullable JsonNode body,
            Principal operator) {
        String confirm = bodies.read(body, Confirmation.class).confirm();
        return retention.delete(worker, volume, epoch, confirm, operator.getName());
    }
}
