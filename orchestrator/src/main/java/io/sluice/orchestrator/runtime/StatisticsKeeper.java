package io.sluice.orchestrator.runtime;

import io.sluice.orchestrator.settings.ServerSettings;
import io.sluice.orchestrator.store.TableStatistics;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Has tables that have grown analyzed, on the slow tick. */
@Component
class StatisticsKeeper {
    private static final Logger log = LoggerFactory.getLogger(StatisticsKeeper.class);

    private final TableStatistics statistics;
    private final Chores chores;
    private final ServerSettings settings;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sluice-statistics").factory());

    StatisticsKeeper(TableStatistics statistics, Chores chores, ServerSettings settings) {
        this.statistics = statistics;
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

    private void look() {
        try {
            chores.run("statistics", statistics::refresh);
        } catch (RuntimeException e) {
            Chores.failed(log, "look at tables' statistics", e);
        }
    }
}
