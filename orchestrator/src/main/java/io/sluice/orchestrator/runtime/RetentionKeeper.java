package io.sluice.orchestrator.runtime;

import io.sluice.orchestrator.retention.RetentionService;
import io.sluice.orchestrator.settings.ServerSettings;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Has policy look at retained copies on the slow tick: nothing waits for their deletion but their room. */
@Component
class RetentionKeeper {
    private static final Logger log = LoggerFactory.getLogger(RetentionKeeper.class);

    private final RetentionService retention;
    private final Chores chores;
    private final ServerSettings settings;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sluice-retention").factory());

    RetentionKeeper(RetentionService retention, Chores chores, ServerSettings settings) {
        this.retention = retention;
        this.chores = chores;
        this.settings = settings;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        long period = settings.tick().toMillis();
        var ignored = thread.scheduleWithFixedDelay(this::look, period, period, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void end() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
            thread.shutdownNow();
        }
    }

    /** A failed look is repeated by the next tick. */
    private void look() {
        try {
            chores.run("retention", retention::look);
        } catch (RuntimeException e) {
            Chores.failed(log, "look after retained copies", e);
        }
    }
}
