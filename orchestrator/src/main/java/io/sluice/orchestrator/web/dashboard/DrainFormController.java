package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.web.DrainView;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;

/**
 * What changes something: each action first shows what it will do, in a dialog where there is script and on a page where there
 * is none.
 */
@Controller
class DrainFormController {

    /** The page's script asks for the dialog's content alone by this header. */
    static final String DIALOG = "X-Sluice-Dialog";

    private final DrainActions control;
    private final ShownDrains drains;
    private final ShownFleet fleet;

    DrainFormController(DrainActions control, ShownDrains drains, ShownFleet fleet) {
        this.control = control;
        this.drains = drains;
        this.fleet = fleet;
    }

    @GetMapping("/workers/{id}/drain")
    String askDrain(
            @PathVariable("id") String id,
            @RequestHeader(name = DIALOG, required = false) @Nullable String dialog,
            Model model) {
        model.addAttribute("worker", fleet.worker(id));
        model.addAttribute("plan", control.plan(id));
        return form(model, "Drain " + id, "dashboard/ask-drain", dialog);
    }

    @PostMapping("/workers/{id}/drain")
    String drain(@PathVariable("id") String id, WishForm wish, Principal operator) {
        DrainView drain = control.start(id, wish.request(), operator.getName());
        return "redirect:/drains/" + drain.id();
    }

    @GetMapping("/drains/{id}/cancel")
    String askCancel(
            @PathVariable("id") String id,
            @RequestHeader(name = DIALOG, required = false) @Nullable String dialog,
            Model model) {
        model.addAttribute("drain", drains.drain(id));
        return form(model, "Cancel drain " + id, "dashboard/ask-cancel", dialog);
    }

    @PostMapping("/drains/{id}/cancel")
    String cancel(@PathVariable("id") String id, Principal operator) {
        control.cancel(id, operator.getName());
        return "redirect:/drains/" + id;
    }

    @GetMapping("/workers/{id}/cordon")
    String askCordon(
            @PathVariable("id") String id,
            @RequestHeader(name = DIALOG, required = false) @Nullable String dialog,
            Model model) {
        model.addAttribute("worker", fleet.worker(id));
        return form(model, "Cordon " + id, "dashboard/ask-cordon", dialog);
    }

    @PostMapping("/workers/{id}/cordon")
    String cordon(@PathVariable("id") String id) {
        control.cordon(id);
        return "redirect:/";
    }

    @PostMapping("/workers/{id}/uncordon")
    String uncordon(@PathVariable("id") String id) {
        control.uncordon(id);
        return "redirect:/";
    }

    static String form(Model model, String title, String template, @Nullable String dialog) {
        model.addAttribute("words", new Words());
        model.addAttribute("title", title);
        model.addAttribute("content", template);
        return dialog == null ? "dashboard/page" : template;
    }
}
