package io.sluice.orchestrator.web.dashboard;

import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Drains of several workers together, in two steps: a form, then the dry run it asks for, whose very plan is what is started. And
 * the limits of a drain under way.
 */
@Controller
class JointFormController {
    private final DrainActions control;
    private final ShownFleet fleet;
    private final ShownDrains drains;

    JointFormController(DrainActions control, ShownFleet fleet, ShownDrains drains) {
        this.control = control;
        this.fleet = fleet;
        this.drains = drains;
    }

    @GetMapping("/drains/new")
    String ask(
            @RequestHeader(name = DrainFormController.DIALOG, required = false) @Nullable String dialog, Model model) {
        model.addAttribute("workers", fleet.workers());
        return DrainFormController.form(model, "Drain several workers", "dashboard/ask-drains", dialog);
    }

    @PostMapping("/drains/new")
    String plan(JointForm wish, Principal operator, Model model) {
        model.addAttribute("plans", control.plan(wish.request(), operator.getName()));
        return DrainFormController.form(model, "Drain together?", "dashboard/ask-plans", null);
    }

    @PostMapping("/drains/start")
    String start(@RequestParam("plan") String plan, Principal operator) {
        control.execute(plan, operator.getName());
        return "redirect:/drains";
    }

    @GetMapping("/drains/{id}/limits")
    String askLimits(
            @PathVariable("id") String id,
            @RequestHeader(name = DrainFormController.DIALOG, required = false) @Nullable String dialog,
            Model model) {
        model.addAttribute("drain", drains.drain(id));
        return DrainFormController.form(model, "Limits of drain " + id, "dashboard/ask-limits", dialog);
    }

    @PostMapping("/drains/{id}/limits")
    String limits(@PathVariable("id") String id, LimitsForm form, Principal operator) {
        control.change(id, form.limits(), operator.getName());
        return "redirect:/drains/" + id;
    }
}
