package io.sluice.orchestrator.runtime;

import io.sluice.orchestrator.agents.KnownHosts;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Sends the batch of heartbeats, on a thread of its own. */
@Component
class HeartbeatKeeper {
    private static final Logger log = LoggerFactory.getLogger(HeartbeatKeeper.class);

    /** So late is told at most that a worker was heard of, and how far a copy is; far below the silence that counts as lost. */
    private static final long PERIOD_MILLIS = 1000;

    private final KnownHosts hosts;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sluice-heartbeats").factory());

    HeartbeatKeeper(KnownHosts hosts) {
        this.hosts = hosts;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        var ignored = thread.scheduleWithFixedDelay(this::beat, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void end() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
            thread.shutdownNow();
        }
    }

    /** What could not be sent is sent with the next batch. */
    private void beat() {
        try {
            hosts.beat();
        } catch (RuntimeException e) {
            Chores.failed(log, "send heartbeats", e);
        }
    }
}
