package io.sluice.orchestrator.runtime;

import io.sluice.orchestrator.ceiling.CeilingListener;
import io.sluice.orchestrator.ceiling.Pacer;
import io.sluice.orchestrator.ceiling.PacingStore;
import io.sluice.orchestrator.migration.MigrationReconciler;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.Transition;
import io.sluice.orchestrator.settings.ServerSettings;
import jakarta.annotation.PreDestroy;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Has rates and places under ceilings looked at soon after anything that may change them, and on the slow safety tick. One
 * thread of its own, so that no commit of a migration ever waits for it.
 */
@Component
class PaceKeeper implements CeilingListener {
    private static final Logger log = LoggerFactory.getLogger(PaceKeeper.class);

    /** Until hosts have taken up a lower rate: a few calls' time, and no load worth speaking of. */
    private static final long AGAIN_MILLIS = 200;

    /** So long commits gather before the rates are shared anew for all of them. */
    private static final long GATHER_MILLIS = 50;

    private final Pacer pacer;
    private final PacingStore store;
    private final ObjectProvider<MigrationReconciler> reconciler;
    private final Chores chores;
    private final ServerSettings settings;
    private final AtomicBoolean due = new AtomicBoolean();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("sluice-pace").factory());

    PaceKeeper(
            Pacer pacer,
            PacingStore store,
            ObjectProvider<MigrationReconciler> reconciler,
            Chores chores,
            ServerSettings settings) {
        this.pacer = pacer;
        this.store = store;
        this.reconciler = reconciler;
        this.chores = chores;
        this.settings = settings;
    }

    @EventListener(ApplicationReadyEvent.class)
    void begin() {
        long period = settings.tick().toMillis();
        var ignored = thread.scheduleWithFixedDelay(this::tick, period, period, TimeUnit.MILLISECONDS);
    }

    @PreDestroy
    void end() throws InterruptedException {
        thread.shutdown();
        if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
            thread.shutdownNow();
        }
    }

    @Override
    public void ceilingsChanged() {
        soon(0);
    }

    /** Rates are shared anew when copying begins or ends; a place is free when a migration has ended. */
    void committed(Transition transition) {
        MigrationState.ForwardOnly copying = MigrationState.ForwardOnly.HYDRATING;
        if (transition.to() == copying
                || transition.from().state() == copying
                || transition.to() instanceof MigrationState.Terminal) {
            soon(GATHER_MILLIS);
        }
    }

    private void soon(long millis) {
        if (due.compareAndSet(false, true)) {
            try {
                var ignored = thread.schedule(this::lookSoon, millis, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                log.debug("stopping: the next start looks after the rates", e);
            }
        }
    }

    private void tick() {
        guarded(() -> chores.run("rates", this::look));
    }

    private void lookSoon() {
        due.set(false);
        guarded(this::look);
    }

    private void look() {
        if (pacer.round() == Pacer.Outcome.UNDER_WAY) {
            soon(AGAIN_MILLIS);
        }
        store.waiting().forEach(reconciler.getObject()::reconcile);
    }

    /** A failed look is repeated by the next tick. */
    private static void guarded(Runnable look) {
        try {
            look.run();
        } catch (RuntimeException e) {
            Chores.failed(log, "look after rates and places under ceilings", e);
        }
    }
}
