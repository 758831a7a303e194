package io.sluice.orchestrator.web;

import io.sluice.orchestrator.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** Drains, their plans and their events. */
@RestController
@RequestMapping("/api/v1/drains")
@Tag(name = "drains")
class DrainController {
    private final Views views;
    private final Operations operations;
    private final EventStreams streams;

    DrainController(Views views, Operations operations, EventStreams streams) {
        this.views = views;
        this.operations = operations;
        this.streams = streams;
    }

    @GetMapping
    @Operation(summary = "Lists drains, newest first")
    Items<DrainView> list() {
        return new Items<>(views.drains());
    }

    @GetMapping("/{id}")
    @Operation(summary = "Shows a drain")
    DrainView show(@PathVariable String id) {
        return views.drain(id);
    }

    @GetMapping("/{id}/plan")
    @Operation(summary = "Shows a drain's newest plan")
    PlanView plan(@PathVariable String id) {
        return views.plan(id);
    }

    @PostMapping("/{id}/cancel")
    @Operation(summary = "Cancels a drain: what is reversible is undone, what is past that goes on to its end")
    DrainView cancel(@PathVariable String id) {
        return operations.cancel(id);
    }

    @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            summary = "Follows a drain",
            description =
                    "Server-sent events: 'transition' for each commit of a migration, with its cursor as id, and 'drain' with"
                            + " the whole drain whenever it changed. Go on after a break with Last-Event-ID or ?after=cursor.")
    SseEmitter events(
            @PathVariable String id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String last,
            @RequestParam(required = false) @Nullable String after) {
        return streams.open(views.requireDrain(id), cursor(last == null ? after : last));
    }

    private static long cursor(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return 0;
        }
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new ProblemException(
                    HttpStatus.BAD_REQUEST,
                    "INVALID_CURSOR",
                    "'" + text + "' is no cursor (after, Last-Event-ID)",
                    "Use the id of an event received before, or leave it out to get all.");
        }
    }
}
