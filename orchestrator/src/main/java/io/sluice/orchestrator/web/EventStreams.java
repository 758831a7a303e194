package io.sluice.orchestrator.web;

import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainReader;
import io.sluice.orchestrator.drain.MigrationEvent;
import io.sluice.orchestrator.problem.ProblemException;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Streams of one drain's events, each on a virtual thread that looks twice a second: what a stream has sent is known by its
 * cursor alone, so a break, a restart or another replica changes nothing.
 */
@Component
class EventStreams {
    private static final Logger log = LoggerFactory.getLogger(EventStreams.class);

    /** Half a second looks live to people and costs two small queries. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    /** A comment this often keeps proxies from closing an idle stream, and finds listeners that are gone. */
    private static final int LOOKS_PER_KEEP_ALIVE = 20;

    private static final int BATCH = 500;

    /** Every stream costs queries; so many listeners are a mistake. */
    private static final int MAX_STREAMS = 200;

    /** What changes by the mere passing of time is no news: who is told since when counts on. */
    private static final String SINCE = "sinceSeconds";

    private static final Set<String> AGES = Set.of(SINCE, "deadlineSeconds");

    private final Views views;
    private final DrainReader reader;
    private final ObjectMapper json;
    private final Semaphore room = new Semaphore(MAX_STREAMS);
    private volatile boolean stopping;

    EventStreams(Views views, DrainReader reader, ObjectMapper json) {
        this.views = views;
        this.reader = reader;
        this.json = json;
    }

    @PreDestroy
    void stop() {
        stopping = true;
    }

    SseEmitter open(Drain drain, long after) {
        if (!room.tryAcquire()) {
            throw new ProblemException(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "TOO_MANY_STREAMS",
                    "there are " + MAX_STREAMS + " event streams open",
                    "Close some, or ask GET /api/v1/drains/" + drain.id() + " instead.");
        }
        SseEmitter emitter = new SseEmitter(0L);
        Stream stream = new Stream(drain, emitter, after);
        emitter.onCompletion(stream::end);
        emitter.onError(failure -> stream.end());
        Thread.ofVirtual().name("sluice-events-" + drain.id()).start(stream::run);
        return emitter;
    }

    /** One listener. */
    private final class Stream {
        private final Drain drain;
        private final SseEmitter emitter;
        private volatile boolean ended;
        private long cursor;
        private @Nullable String shown;

        Stream(Drain drain, SseEmitter emitter, long after) {
            this.drain = drain;
            this.emitter = emitter;
            this.cursor = after;
        }

        void end() {
            ended = true;
        }

        void run() {
            try {
                for (int look = 0; !ended && !stopping; look++) {
                    if (!look() && look % LOOKS_PER_KEEP_ALIVE == 0) {
                        emitter.send(SseEmitter.event().comment("still here"));
                    }
                    Thread.sleep(PAUSE);
                }
                emitter.complete();
            } catch (IOException | IllegalStateException e) {
                log.debug("listener left drain={}", drain.id(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ProblemException e) {
                log.debug("what a listener followed is gone drain={}", drain.id(), e);
                emitter.complete();
            } catch (RuntimeException e) {
                log.warn("event stream failed drain={}", drain.id(), e);
                emitter.completeWithError(e);
            } finally {
                room.release();
            }
        }

        /** Sends what is new; false when nothing was. */
        private boolean look() throws IOException {
            boolean sent = false;
            List<MigrationEvent> events = reader.events(drain.id(), cursor, BATCH);
            for (MigrationEvent event : events) {
                emitter.send(SseEmitter.event()
                        .id(Long.toString(event.cursor()))
                        .name("transition")
                        .data(json.writeValueAsString(event), MediaType.APPLICATION_JSON));
                cursor = event.cursor();
                sent = true;
            }
            ObjectNode now = json.valueToTree(views.drain(drain.id().value()));
            String text = json.writeValueAsString(now);
            now.findParents(SINCE).forEach(part -> ((ObjectNode) part).remove(AGES));
            String ageless = json.writeValueAsString(now);
            if (!Objects.equals(ageless, shown)) {
                emitter.send(SseEmitter.event().name("drain").data(text, MediaType.APPLICATION_JSON));
                shown = ageless;
                sent = true;
            }
            return sent;
        }
    }
}
