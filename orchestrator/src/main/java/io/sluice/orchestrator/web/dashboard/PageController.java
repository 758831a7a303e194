package io.sluice.orchestrator.web.dashboard;

import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;

/** The pages: a frame around a living part, which {@link LiveController} keeps current. */
@Controller
class PageController {

    private final LivingPages pages;

    PageController(LivingPages pages) {
        this.pages = pages;
    }

    @GetMapping("/login")
    String login(
            @RequestParam(name = "wrong", required = false) @Nullable String wrong,
            @RequestParam(name = "out", required = false) @Nullable String out,
            Model model) {
        model.addAttribute("wrong", wrong != null);
        model.addAttribute("out", out != null);
        return "dashboard/login";
    }

    @GetMapping("/")
    String fleet(
            @RequestParam(name = "page", defaultValue = "1") int page,
            @RequestParam(name = "find", defaultValue = "") String find,
            Model model) {
        return page(model, "Fleet", "/live/fleet?page=" + page + LivingPages.sought(find), pages.fleet(page, find));
    }

    @GetMapping("/drains")
    String drains(Model model) {
        return page(model, "Drains", "/live/drains", pages.drains());
    }

    @GetMapping("/drains/{id}")
    String drain(
            @PathVariable("id") String id, @RequestParam(name = "page", defaultValue = "1") int page, Model model) {
        return page(model, "Drain " + id, "/live/drains/" + id + "?page=" + page, pages.drain(id, page));
    }

    @GetMapping("/migrations/{id}")
    String migration(@PathVariable("id") String id, Model model) {
        return page(model, "Migration " + id, "/live/migrations/" + id, pages.migration(id));
    }

    @GetMapping("/volumes")
    String volumes(Model model) {
        return page(model, "Volumes", "/live/volumes", pages.volumes());
    }

    @GetMapping("/copies")
    String copies(Model model) {
        return page(model, "Retained copies", "/live/copies", pages.copies());
    }

    private static String page(Model model, String title, String live, LivingPages.Living living) {
        model.addAttribute("title", title);
        model.addAttribute("live", live);
        model.addAttribute("content", living.template());
        model.addAllAttributes(living.values());
        return "dashboard/page";
    }
}
