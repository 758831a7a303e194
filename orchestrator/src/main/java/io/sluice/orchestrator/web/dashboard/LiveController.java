package io.sluice.orchestrator.web.dashboard;

import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** The living part of each page as a stream of server-sent events. */
@Controller
class LiveController {

    private final LivingPages pages;
    private final LiveStreams streams;

    LiveController(LivingPages pages, LiveStreams streams) {
        this.pages = pages;
        this.streams = streams;
    }

    @GetMapping("/live/fleet")
    SseEmitter fleet(
            @RequestParam(name = "page", defaultValue = "1") int page,
            @RequestParam(name = "find", defaultValue = "") String find) {
        return streams.open(() -> pages.html(pages.fleet(page, find)));
    }

    @GetMapping("/live/drains")
    SseEmitter drains() {
        return streams.open(() -> pages.html(pages.drains()));
    }

    @GetMapping("/live/drains/{id}")
    SseEmitter drain(@PathVariable("id") String id, @RequestParam(name = "page", defaultValue = "1") int page) {
        return streams.open(() -> pages.html(pages.drain(id, page)));
    }

    @GetMapping("/live/migrations/{id}")
    SseEmitter migration(@PathVariable("id") String id) {
        return streams.open(() -> pages.html(pages.migration(id)));
    }

    @GetMapping("/live/volumes")
    SseEmitter volumes() {
        return streams.open(() -> pages.html(pages.volumes()));
    }

    @GetMapping("/live/copies")
    SseEmitter copies() {
        return streams.open(() -> pages.html(pages.copies()));
    }
}
