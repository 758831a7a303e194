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

/** Keeping a retained copy for good, and deleting it before its time; both say first what they mean. */
@Controller
class CopyFormController {
    private static final String COPY = "/copies/{worker}/{volume}/{epoch}";

    private final CopyActions copies;

    CopyFormController(CopyActions copies) {
        this.copies = copies;
    }

    @GetMapping(COPY + "/{what:keep|delete}")
    String ask(
            @PathVariable("worker") String worker,
            @PathVariable("volume") String volume,
            @PathVariable("epoch") long epoch,
            @PathVariable("what") String what,
            @RequestHeader(name = DrainFormController.DIALOG, required = false) @Nullable String dialog,
            Model model) {
        model.addAttribute("copy", copies.copy(worker, volume, epoch));
        model.addAttribute("keep", what.equals("keep"));
        return DrainFormController.form(model, "Copy of " + volume, "dashboard/ask-copy", dialog);
    }

    @PostMapping(COPY + "/keep")
    String keep(
            @PathVariable("worker") String worker,
            @PathVariable("volume") String volume,
            @PathVariable("epoch") long epoch,
            Principal operator) {
        copies.keep(worker, volume, epoch, operator.getName());
        return "redirect:/copies";
    }

    @PostMapping(COPY + "/delete")
    String delete(
            @PathVariable("worker") String worker,
            @PathVariable("volume") String volume,
            @PathVariable("epoch") long epoch,
            @RequestParam("confirm") String confirm,
            Principal operator) {
        copies.delete(worker, volume, epoch, confirm.strip(), operator.getName());
        return "redirect:/copies";
    }
}
