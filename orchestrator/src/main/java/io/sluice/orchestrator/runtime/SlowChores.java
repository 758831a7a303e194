package io.sluice.orchestrator.runtime;

import io.sluice.orchestrator.drain.WriteOffs;
import io.sluice.orchestrator.retention.RetentionService;
import io.sluice.orchestrator.settings.ServerSettings;
import io.sluice.orchestrator.store.HydrationTotals;
import io.sluice.orchestrator.store.TableStatistics;
import jakarta.annotation.PreDestroy;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** What nobody waits for, on the slow tick: each chore on a thread of its own, so that a long one keeps no other. */
@Component
class SlowChores {
    private static final Logger log = LoggerFactory.getLogger(SlowChores.class);

    private final List<Chore> all;
    private final Chores chores;
    private final ServerSettings settings;
    private final ScheduledExecutorService threads;

    SlowChores(
            RetentionService retention,
            WriteOffs writeOffs,
            TableStatistics statistics,
            HydrationTotals totals,
            Chores chores,
            ServerSettings settings) {
        this.all = List.of(
                new Chore("retention", "look after retained copies", retention::look),
                new Chore("written-off", "look at what written-off workers cleared away", writeOffs::look),
                new Chore("statistics", "look at tables' statistics", statistics::refresh),
                // a history of many batches takes as many ticks
                new Chore("totals", "sum up what was copied", totals::sumUp));
        this.chores = chores;
        this.settings = settings;
        this.threads = Executors.newScheduledThreadPool(
                all.size(), Thread.ofPlatform().daemon().name("sluice-slow-", 0).factory());
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        long period = settings.tick().toMillis();
        for (Chore chore : all) {
            var ignored = threads.scheduleWithFixedDelay(() -> run(chore), period, period, TimeUnit.MILLISECONDS);
        }
    }

    @PreDestroy
    void end() throws InterruptedException {
        threads.shutdown();
        if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
            threads.shutdownNow();
        }
    }

    /** What failed is repeated by the next tick. */
    private void run(Chore chore) {
        try {
            chores.run(chore.name(), chore.work());
        } catch (RuntimeException e) {
            Chores.failed(log, chore.words(), e);
        }
    }

    private record Chore(String name, String words, Runnable work) {}
}
