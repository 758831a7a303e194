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

    /** So long ends of one drain's migrations gather before it is looked at. */
    private static final long GATHER_MILLIS = 50;

    private final ObjectProvider<DrainService> drains;
    private final Chores chores;
    private final ServerSettings settings;
    private final Set<DrainId> aborted = ConcurrentHashMap.newKeySet();
    private final Set<DrainId> done = ConcurrentHashMap.newKeySet();
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
        ticking = worker.schedule(this::tick, settings.tick().toMillis(), TimeUnit.MILLISECONDS);
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

    /**
     * The drain's end may be there as soon as a migration ended, and what was given up is planned anew. Ends that come close together are
     * looked at once.
     */
    void changed(Migration migration) {
        DrainId drain = migration.drain();
        if (migration.state() == MigrationState.Terminal.ABORTED) {
            soon(aborted, drain, () -> drains.getObject().lookAfter(drain));
        } else if (migration.state() == MigrationState.Terminal.DONE) {
            soon(done, drain, () -> drains.getObject().conclude(drain));
        }
    }

    private void soon(Set<DrainId> pending, DrainId drain, Runnable look) {
        if (pending.add(drain)) {
            try {
                var ignored = worker.schedule(
                        () -> {
                            pending.remove(drain);
                            guarded(look);
                        },
                        GATHER_MILLIS,
                        TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                log.debug("stopping: the next start looks after the drain drain={}", drain, e);
            }
        }
    }

    /** The next look comes after the usual period, or later where this one took long: looks take a fifth of the time at most. */
    private void tick() {
        long began = System.nanoTime();
        guarded(() -> chores.run("drains", () -> drains.getObject().lookAfterAll()));
        long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        try {
            ticking =
                    worker.schedule(this::tick, Math.max(settings.tick().toMillis(), 4 * took), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("stopping: the next start looks after the drains", e);
        }
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
