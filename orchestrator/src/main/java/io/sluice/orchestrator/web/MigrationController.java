package io.sluice.orchestrator.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Migrations and volumes, to look at. */
@RestController
@RequestMapping("/api/v1")
@Tag(name = "migrations and volumes")
class MigrationController {
    private final Views views;

    MigrationController(Views views) {
        this.views = views;
    }

    @GetMapping("/migrations")
    @Operation(summary = "Lists the newest thousand migrations, newest first")
    Items<MigrationView> migrations() {
        return new Items<>(views.migrations());
    }

    @GetMapping("/migrations/{id}")
    @Operation(summary = "Shows a migration with its history")
    MigrationView migration(@PathVariable String id) {
        return views.migration(id);
    }

    @GetMapping("/volumes")
    @Operation(summary = "Lists every copy of every volume, the newest first of each")
    Items<VolumeView> volumes() {
        return new Items<>(views.volumes());
    }
}
