package io.sluice.orchestrator.web;

import io.sluice.orchestrator.problem.ProblemException;
import io.sluice.orchestrator.web.SteeringOperations.OfDrain;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.JsonNode;

/** Drains, their plans and their events. */
@RestController
@RequestMapping("/api/v1/drains")
@Tag(name = "drains")
class DrainController {
    private static final int MOST_ENDED = 1000;

    private final Views views;
    private final Operations operations;
    private final DrainOperations drains;
    private final SteeringOperations steering;
    private final EventStreams streams;
    private final Bodies bodies;

    DrainController(
            Views views,
            Operations operations,
            DrainOperations drains,
            SteeringOperations steering,
            EventStreams streams,
            Bodies bodies) {
        this.views = views;
        this.operations = operations;
        this.drains = drains;
        this.steering = steering;
        this.streams = streams;
        this.bodies = bodies;
    }

    @GetMapping
    @Operation(
            summary = "Lists drains, newest first",
            description = "All that are open, and of those that ended the newest, as many as ended says (0 to 1000).")
    Items<DrainView> list(@RequestParam(defaultValue = "100") int ended) {
        if (ended < 0 || ended > MOST_ENDED) {
            throw new ProblemException(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    "INVALID_REQUEST",
                    "ended is " + ended + ": how many drains that ended are listed is 0 to " + MOST_ENDED,
                    "Ask for one that is older by its id.");
        }
        return new Items<>(views.drains(ended));
    }

    @PostMapping
    @Operation(
            summary = "Drains several workers together, or does exactly what a dry run said",
            description =
                    "Which workers is said by ids, by a selector, or by the id of a dry run. They are placed jointly:"
                            + " nothing of one lands on another. A worker that is being drained already keeps its drain."
                            + " With dryRun nothing is done; the answer is then a PlansView, kept for a day. A dry run"
                            + " that cannot be done as it is any more is answered with 409 PLAN_STALE and the"
                            + " differences.")
    ResponseEntity<Object> drain(
            @RequestParam(defaultValue = "false") boolean dryRun,
            @Reads(DrainsRequest.class) @RequestBody JsonNode body,
            Principal operator) {
        DrainsRequest request = bodies.read(body, DrainsRequest.class);
        return dryRun
                ? ResponseEntity.ok(drains.dryRun(request, operator.getName()))
                : ResponseEntity.accepted().body(new Items<>(drains.drain(request, operator.getName())));
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
    DrainView cancel(
            @PathVariable String id,
            @Reads(ReasonRequest.class) @RequestBody(required = false) @Nullable JsonNode body,
            Principal operator) {
        return operations.cancel(id, reason(body), operator.getName());
    }

    @PostMapping("/{id}/pause")
    @Operation(
            summary =
                    "Pauses a drain: nothing begins or cuts over until it is resumed; what has cut over goes on to its"
                            + " end")
    DrainView pause(
            @PathVariable String id,
            @Reads(ReasonRequest.class) @RequestBody(required = false) @Nullable JsonNode body,
            Principal operator) {
        return steering.steer(id, OfDrain.PAUSE, reason(body), operator.getName());
    }

    @PostMapping("/{id}/resume")
    @Operation(summary = "Lets a paused drain go on")
    DrainView resume(
            @PathVariable String id,
            @Reads(ReasonRequest.class) @RequestBody(required = false) @Nullable JsonNode body,
            Principal operator) {
        return steering.steer(id, OfDrain.RESUME, reason(body), operator.getName());
    }

    @PatchMapping("/{id}")
    @Operation(
            summary = "Changes what a drain keeps to while it runs",
            description =
                    "A field left out stays as it is, null puts it back to its default. What has begun under other"
                            + " limits is not undone.")
    DrainView change(
            @PathVariable String id, @Reads(LimitsView.class) @RequestBody JsonNode patch, Principal operator) {
        return steering.change(id, patch, operator.getName());
    }

    @GetMapping("/{id}/actions")
    @Operation(summary = "Lists what operators asked of a drain, and why, newest first")
    Items<ActionView> actions(@PathVariable String id) {
        return new Items<>(steering.actions(id));
    }

    private @Nullable String reason(@Nullable JsonNode body) {
        return bodies.read(body, ReasonRequest.class).reason();
    }

    @GetMapping(path = "/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(
            summary = "Follows a drain",
            description = "Server-sent events: 'transition' for each commit of a migration, with its cursor as id, and"
                    + " 'drain' with the whole drain whenever it changed. Go on after a break with Last-Event-ID"
                    + " or ?after=cursor.")
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
