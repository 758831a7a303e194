package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.problem.ProblemException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * Renders a fragment again and again and sends it whenever it changed. One virtual thread a stream; hydration changes by the
 * second, so looking once in a while is no more work than being told.
 */
@Component
class LiveStreams {

    private static final Logger LOG = LoggerFactory.getLogger(LiveStreams.class);

    /** Bars look alive at this pace. */
    private static final Duration PAUSE = Duration.ofMillis(700);

    /** A page that takes long is rendered a fifth of the time at most. */
    private static final int REST = 4;

    /** Silence that proxies and browsers bear; a comment breaks it. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(15);

    /** After this the browser connects anew by itself, and its session is checked again. */
    private static final Duration LIFE = Duration.ofMinutes(30);

    /** Each stream reads the database about once a second; a page too many must not starve the agents. */
    private static final int MOST_STREAMS = 64;

    private final Semaphore free = new Semaphore(MOST_STREAMS);
    private final CountDownLatch closing = new CountDownLatch(1);

    SseEmitter open(Supplier<String> fragment) {
        String first = fragment.get();
        if (!free.tryAcquire()) {
            throw new ProblemException(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "TOO_MANY_LIVE_PAGES",
                    MOST_STREAMS + " pages are being kept current already",
                    "close some; the page itself can be loaded again at any time");
        }
        SseEmitter emitter = new SseEmitter(LIFE.toMillis());
        CountDownLatch gone = new CountDownLatch(1);
        emitter.onCompletion(gone::countDown);
        Thread.ofVirtual().name("live-page").start(() -> {
            try {
                send(emitter, gone, first, fragment);
            } finally {
                free.release();
            }
        });
        return emitter;
    }

    private void send(SseEmitter emitter, CountDownLatch gone, String first, Supplier<String> fragment) {
        try {
            String shown = "";
            String current = first;
            long sentAt = System.nanoTime();
            long took = 0;
            do {
                if (!current.equals(shown)) {
                    emitter.send(SseEmitter.event().data(current));
                    shown = current;
                    sentAt = System.nanoTime();
                } else if (System.nanoTime() - sentAt > KEEP_ALIVE.toNanos()) {
                    emitter.send(SseEmitter.event().comment("still here"));
                    sentAt = System.nanoTime();
                }
                if (gone.await(Math.max(PAUSE.toNanos(), REST * took), TimeUnit.NANOSECONDS)) {
                    return;
                }
                long began = System.nanoTime();
                current = fragment.get();
                took = System.nanoTime() - began;
            } while (closing.getCount() > 0);
            emitter.complete();
        } catch (IOException | IllegalStateException left) {
            LOG.debug("page closed: {}", left.toString());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ProblemException vanished) {
            LOG.debug("what a live page showed is gone: {}", vanished.getMessage());
            emitter.complete();
        } catch (RuntimeException failed) {
            LOG.warn("a live page could not be rendered", failed);
            emitter.complete();
        }
    }

    /** Before the server waits for open requests to end. */
    @EventListener(ContextClosedEvent.class)
    void close() {
        closing.countDown();
    }
}
