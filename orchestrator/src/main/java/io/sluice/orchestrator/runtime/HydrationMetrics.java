package io.sluice.orchestrator.runtime;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.sluice.orchestrator.agents.HeldCalls;
import io.sluice.orchestrator.drain.DrainReader;
import io.sluice.orchestrator.settings.ServerSettings;
import io.sluice.orchestrator.store.HydrationTotals;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Copying as metrics. Read from the database when they are collected, so they outlive a restart and every replica tells the
 * same: take the maximum over replicas, not the sum. Held calls are this replica's own. What has ended is summed up on the slow tick:
 * what is collected costs as much as what is open.
 */
@Component
final class HydrationMetrics implements MeterBinder {
    private static final Logger log = LoggerFactory.getLogger(HydrationMetrics.class);

    private final DrainReader reader;
    private final HeldCalls calls;
    private final HydrationTotals totals;
    private final Chores chores;
    private final ServerSettings settings;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sluice-totals").factory());

    HydrationMetrics(
            DrainReader reader, HeldCalls calls, HydrationTotals totals, Chores chores, ServerSettings settings) {
        this.reader = reader;
        this.calls = calls;
        this.totals = totals;
        this.chores = chores;
        this.settings = settings;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        long period = settings.tick().toMillis();
        var ignored = thread.scheduleWithFixedDelay(this::sumUp, period, period, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void end() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
            thread.shutdownNow();
        }
    }

    /** A history of many batches takes as many ticks. What failed is repeated by the next one. */
    private void sumUp() {
        try {
            chores.run("totals", totals::sumUp);
        } catch (RuntimeException e) {
            Chores.failed(log, "sum up what was copied", e);
        }
    }

    @Override
    public void bindTo(MeterRegistry meters) {
        FunctionCounter.builder(
                        "sluice.hydrated", reader, from -> from.hydration().hydratedBytes())
                .description("became local: copied, skipped as holes or written anew")
                .baseUnit("bytes")
                .register(meters);
        FunctionCounter.builder(
                        "sluice.copied", reader, from -> from.hydration().copiedBytes())
                .description("crossed the wire from source to destination in the background")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("sluice.exposure", reader, from -> from.hydration().exposedBytes())
                .description("what running workloads still need from their sources")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("sluice.sync.held", calls, HeldCalls::count)
                .description("agents whose sync is held open here")
                .register(meters);
    }
}
