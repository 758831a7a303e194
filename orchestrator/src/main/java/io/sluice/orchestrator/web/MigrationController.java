package io.sluice.orchestrator.web;

import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.web.SteeringOperations.OfMigration;
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

/** Migrations and what an operator asks of one; volumes, to look at. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "migrations and volumes")
class MigrationController {
    private final Views views;
    private final SteeringOperations steering;
    private final Bodies bodies;

    MigrationController(Views views, SteeringOperations steering, Bodies bodies) {
        this.views = views;
        this.steering = steering;
        this.bodies = bodies;
    }

    @GetMapping("/migrations")
    @Operation(summary = "Lists the newest thousand migrations, newest first")
    Items<MigrationView> migrations() {
        return new Items<>(views.migrations());
    }

    @GetMapping("/migration-states")
    @Operation(summary = "Lists the states a migration can be in, in the order of its life")
    Items<StateView> states() {
        return new Items<>(MigrationState.all().stream().map(StateView::of).toList());
    }

    @GetMapping("/migrations/{id}")
    @Operation(summary = "Shows a migration with its history")
    MigrationView migration(@PathVariable String id) {
        return views.migration(id);
    }

    @PostMapping("/migrations/{id}/hold")
    @Operation(summary = "Keeps a migration from its cutover; what comes before it goes on")
    MigrationView hold(
            @PathVariable String id,
            @Reads(ReasonRequest.class) @RequestBody(required = false) @Nullable JsonNode body,
            Principal operator) {
        return steer(id, OfMigration.HOLD, body, operator);
    }

    @PostMapping("/migrations/{id}/resume")
    @Operation(summary = "Lets a held migration go on")
    MigrationView resume(
            @PathVariable String id,
            @Reads(ReasonRequest.class) @RequestBody(required = false) @Nullable JsonNode body,
            Principal operator) {
        return steer(id, OfMigration.RESUME, body, operator);
    }

    @PostMapping("/migrations/{id}/abort")
    @Operation(
            summary = "Gives a migration up while it is reversible",
            description = "Its drain leaves the cargo where it is, and so is blocked, until the migration is retried.")
    MigrationView abort(
            @PathVariable String id,
            @Reads(ReasonRequest.class) @RequestBody(required = false) @Nullable JsonNode body,
            Principal operator) {
        return steer(id, OfMigration.ABORT, body, operator);
    }

    @PostMapping("/migrations/{id}/retry")
    @Operation(
            summary = "Tries the cargo of an aborted migration again, however often it failed before",
            description =
                    "Answers with the migration that is tried now; with the aborted one if its cargo found no place.")
    MigrationView retry(
            @PathVariable String id,
            @Reads(ReasonRequest.class) @RequestBody(required = false) @Nullable JsonNode body,
            Principal operator) {
        return steer(id, OfMigration.RETRY, body, operator);
    }

    private MigrationView steer(String id, OfMigration what, @Nullable JsonNode body, Principal operator) {
        return steering.steer(id, what, bodies.read(body, ReasonRequest.class).reason(), operator.getName());
    }

    @GetMapping("/volumes")
    @Operation(summary = "Lists every copy of every volume, the newest first of each")
    Items<VolumeView> volumes() {
        return new Items<>(views.volumes());
    }
}
