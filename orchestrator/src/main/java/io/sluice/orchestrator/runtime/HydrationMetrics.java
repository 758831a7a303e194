package io.sluice.orchestrator.runtime;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.sluice.orchestrator.agents.HeldCalls;
import io.sluice.orchestrator.drain.DrainReader;
import org.springframework.stereotype.Component;

/**
 * Copying as metrics. Read from the database when they are collected, so they outlive a restart and every replica tells the
 * same: take the maximum over replicas, not the sum. Held calls are this replica's own. What has ended {@link SlowChores} sums up, so
 * what is collected costs as much as what is open.
 */
@Component
final class HydrationMetrics implements MeterBinder {
    private final DrainReader reader;
    private final HeldCalls calls;

    HydrationMetrics(DrainReader reader, HeldCalls calls) {
        this.reader = reader;
        this.calls = calls;
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
