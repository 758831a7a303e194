package io.sluice.orchestrator.web;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Dry runs that are kept. */
@RestController
@RequestMapping("/api/v1/plans")
@Tag(name = "drains")
class PlanController {
    private final DrainOperations drains;

    PlanController(DrainOperations drains) {
        this.drains = drains;
    }

    @GetMapping("/{id}")
    @Operation(summary = "Shows a dry run that was made within a day")
    PlansView plans(@PathVariable String id) {
        return drains.plans(id);
    }

    @GetMapping("/{id}/others")
    @Operation(
            summary = "Says of each other worker why a workload or a volume of a dry run does not go there",
            description = "As the fleet is now, with everything else of the dry run placed.")
    OthersView others(@PathVariable String id, @RequestParam String of) {
        return drains.others(id, of);
    }
}
