package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.problem.ProblemException;
import io.sluice.orchestrator.web.SteeringOperations.OfDrain;
import io.sluice.orchestrator.web.SteeringOperations.OfMigration;
import java.security.Principal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/** Steering drains and migrations that are under way, and writing off workers that are lost; each action first says what it means, as all actions here do. */
@Controller
class SteeringFormController {
    private final DrainActions control;
    private final ShownDrains drains;
    private final ShownFleet fleet;

    SteeringFormController(DrainActions control, ShownDrains drains, ShownFleet fleet) {
        this.control = control;
        this.drains = drains;
        this.fleet = fleet;
    }

    @GetMapping("/drains/{id}/{what:pause|resume}")
    String askDrain(
            @PathVariable("id") String id,
            @PathVariable("what") String what,
            @RequestHeader(name = DrainFormController.DIALOG, required = false) @Nullable String dialog,
            Model model) {
        return ask(model, Question.of(named(OfDrain.class, what), drains.drain(id)), dialog);
    }

    @PostMapping("/drains/{id}/{what:pause|resume}")
    String steerDrain(
            @PathVariable("id") String id,
            @PathVariable("what") String what,
            @RequestParam(name = "reason") String reason,
            Principal operator) {
        control.steer(id, named(OfDrain.class, what), reason, operator.getName());
        return "redirect:/drains/" + id;
    }

    @GetMapping("/migrations/{id}/{what:hold|resume|abort|retry}")
    String askMigration(
            @PathVariable("id") String id,
            @PathVariable("what") String what,
            @RequestHeader(name = DrainFormController.DIALOG, required = false) @Nullable String dialog,
            Model model) {
        return ask(model, Question.of(named(OfMigration.class, what), drains.migration(id)), dialog);
    }

    @PostMapping("/migrations/{id}/{what:hold|resume|abort|retry}")
    String steerMigration(
            @PathVariable("id") String id,
            @PathVariable("what") String what,
            @RequestParam(name = "reason") String reason,
            Principal operator) {
        return "redirect:/migrations/"
                + control.steer(id, named(OfMigration.class, what), reason, operator.getName())
                        .id();
    }

    @GetMapping("/workers/{id}/write-off")
    String askWriteOff(
            @PathVariable("id") String id,
            @RequestHeader(name = DrainFormController.DIALOG, required = false) @Nullable String dialog,
            Model model) {
        return ask(model, Question.writeOff(fleet.worker(id).id()), dialog);
    }

    @PostMapping("/workers/{id}/write-off")
    String writeOff(@PathVariable("id") String id, @RequestParam(name = "reason") String reason, Principal operator) {
        control.writeOff(id, reason, operator.getName());
        return "redirect:/";
    }

    @GetMapping("/workers/{id}/reinstate")
    String askReinstate(
            @PathVariable("id") String id,
            @RequestHeader(name = DrainFormController.DIALOG, required = false) @Nullable String dialog,
            Model model) {
        return ask(model, Question.reinstate(fleet.worker(id).id()), dialog);
    }

    @PostMapping("/workers/{id}/reinstate")
    String reinstate(@PathVariable("id") String id, @RequestParam(name = "reason") String reason, Principal operator) {
        control.reinstate(id, reason, operator.getName());
        return "redirect:/";
    }

    private static String ask(Model model, Question question, @Nullable String dialog) {
        model.addAttribute("question", question);
        return DrainFormController.form(model, question.title(), "dashboard/ask-steer", dialog);
    }

    private static <E extends Enum<E>> E named(Class<E> type, String what) {
        try {
            return Enum.valueOf(type, what.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    HttpStatus.NOT_FOUND,
                    "UNKNOWN_ACTION",
                    "there is no action '" + what + "'",
                    "Go back to the page.");
        }
    }
}
