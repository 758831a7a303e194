package io.sluice.orchestrator.runtime;

import io.sluice.orchestrator.drain.DrainService;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.settings.ServerSettings;
import jakarta.annotation.PreDestroy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Looks after open drains: soon after one of their migrations ended, and on the slow safety tick. One thread, so that a drain is
 * never looked after twice at once here; the planning lock holds that between replicas.
 */
@Component
class DrainWatch {
    private static final Logger log = LoggerFactory.getLogger(DrainWatch.class);

    private final ObjectProvider<DrainService> drains;
    private final Chores chores;
    private final ServerSettings settings;
    private final Set<DrainId> pending = ConcurrentHashMap.newKeySet();
    private volatile @Nullable ScheduledFuture<?> ticking;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sluice-drains").factory());

    DrainWatch(ObjectProvider<DrainService> drains, Chores chores, ServerSettings settings) {
        this.drains = drains;
        this.chores = chores;
        this.settings = settings;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        long period = settings.tick().toMillis();
        ticking = worker.scheduleWithFixedDelay(this::tick, period, period, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void end() throws InterruptedException {
        ScheduledFuture<?> tick = ticking;
        if (tick != null) {
            tick.cancel(false);
        }
        worker.shutdown();
        if (!worker.awaitTermination(5, TimeUnit.SECONDS)) {
            worker.shutdownNow();
        }
    }

    /** A slot, or the drain's end, may be there as soon as a migration ended. */
    void changed(Migration migration) {
        if (migration.state() instanceof MigrationState.Terminal && pending.add(migration.drain())) {
            try {
                worker.execute(() -> {
                    pending.remove(migration.drain());
                    guarded(() -> drains.getObject().lookAfter(migration.drain()));
                });
            } catch (RejectedExecutionException e) {
                log.debug("stopping: the next start looks after the drain drain={}", migration.drain(), e);
            }
        }
    }

    private void tick() {
        guarded(() -> chores.run("drains", () -> drains.getObject().lookAfterAll()));
    }

    /** A failed look is repeated by the next tick. */
    private static void guarded(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            Chores.failed(log, "look after drains", e);
        }
    }
}
