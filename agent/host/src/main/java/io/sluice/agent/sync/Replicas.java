package io.sluice.agent.sync;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the orchestrator's replicas is called. One that was left is not called again before all the others were left too; but
 * after a while the first one, this host's own, is tried again, or hosts would gather where the last restart drove them.
 */
final class Replicas {
    private static final Logger log = LoggerFactory.getLogger(Replicas.class);

    /** A restart is long over, and one call that fails costs nothing beside it. */
    static final Duration HOME_AGAIN = Duration.ofMinutes(5);

    private final List<URI> urls;
    private final LongSupplier nanos;
    private int at;
    private long leftHomeAt;

    /** One of them. */
    record Replica(int place, URI url) {}

    /**
     * Begins with the first.
     *
     * @param nanos monotonic, as {@link System#nanoTime}
     */
    Replicas(List<URI> urls, LongSupplier nanos) {
        this.urls = List.copyOf(urls);
        this.nanos = nanos;
    }

    boolean several() {
        return urls.size() > 1;
    }

    synchronized Replica current() {
        if (at != 0 && nanos.getAsLong() - leftHomeAt > HOME_AGAIN.toNanos()) {
            log.info("orchestrator tried again url={}", urls.getFirst());
            at = 0;
        }
        return new Replica(at, urls.get(at));
    }

    /** The next one is called from now on, unless it is another already. */
    synchronized void leave(Replica replica, String why) {
        if (replica.place() != at || !several()) {
            return;
        }
        if (at == 0) {
            leftHomeAt = nanos.getAsLong();
        }
        at = (at + 1) % urls.size();
        log.warn("orchestrator left url={} next={} because=\"{}\"", replica.url(), urls.get(at), why);
    }
}
