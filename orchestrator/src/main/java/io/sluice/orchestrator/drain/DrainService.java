package io.sluice.orchestrator.drain;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.MigrationReconciler;
import io.sluice.orchestrator.plan.DrainPlan;
import java.time.Instant;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * Starts, cancels and looks after drains. Every call may be repeated: what it asks for is written first, then migrations are
 * taken as far as they go.
 */
@Service
public class DrainService {
    private static final Logger log = LoggerFactory.getLogger(DrainService.class);

    private final Planning planning;
    private final DrainStore store;
    private final DrainReader reader;
    private final MigrationReconciler reconciler;

    DrainService(Planning planning, DrainStore store, DrainReader reader, MigrationReconciler reconciler) {
        this.planning = planning;
        this.store = store;
        this.reader = reader;
        this.reconciler = reconciler;
    }

    /** What a worker can be asked. */
    public sealed interface Answer {
        record Done() implements Answer {}

        /** The worker has a drain that goes on. */
        record Draining(DrainId drain) implements Answer {}
    }

    /** The worker's drain: begun now, or the one that is open. */
    public Drain start(DrainOrder order) {
        Drain drain = planning.begin(order);
        log.info("drain under way drain={} worker={} actor={}", drain.id(), drain.worker(), order.actor());
        lookAfter(drain.id());
        return drain;
    }

    /** What a drain would do. */
    public DrainPlan dryRun(DrainOrder order) {
        return planning.dryRun(order);
    }

    /** Gives up what is reversible, lets the rest finish, then lifts the drain's cordon. False when it had ended before. */
    public boolean cancel(DrainId id) {
        Drain drain = store.find(id);
        if (drain == null || !drain.open() || status(drain).phase() == DrainStatus.Phase.DRAINED) {
            return false;
        }
        store.requestCancel(id);
        log.info("drain cancelled drain={} worker={}", id, drain.worker());
        lookAfter(id);
        return true;
    }

    public void cordon(WorkerId worker) {
        store.cordon(worker, true);
    }

    /** Lets the worker take volumes again. A drain that is through ends with it; one that goes on must be cancelled first. */
    public Answer uncordon(WorkerId worker) {
        Drain drain = store.open(worker);
        if (drain != null) {
            if (status(drain).drainedAt() == null || !store.live(drain.id()).isEmpty()) {
                return new Answer.Draining(drain.id());
            }
            milestones(drain);
            store.close(drain.id(), Drain.Outcome.DRAINED);
        }
        store.cordon(worker, false);
        return new Answer.Done();
    }

    private DrainStatus status(Drain drain) {
        return DrainStatus.of(Objects.requireNonNull(reader.reading(drain.id()), "drains are never deleted"));
    }

    /** Takes a drain as far as it goes: its migrations, a new plan for what is left, its milestones, its end. */
    public void lookAfter(DrainId id) {
        store.live(id).forEach(reconciler::reconcile);
        Drain drain = Objects.requireNonNull(store.find(id), "drains are never deleted");
        if (drain.moving()) {
            planning.again(drain);
            store.live(id).forEach(reconciler::reconcile);
        } else if (drain.open() && store.live(id).isEmpty()) {
            store.close(id, Drain.Outcome.CANCELLED);
            log.info("drain ended drain={} outcome={}", id, Drain.Outcome.CANCELLED);
            return;
        }
        milestones(drain);
    }

    private void milestones(Drain drain) {
        if (!drain.moving() || drain.drainedAt() != null) {
            return;
        }
        DrainStatus status = status(drain);
        Instant evacuated = status.evacuatedAt();
        if (evacuated != null && drain.evacuatedAt() == null) {
            store.evacuated(drain.id(), evacuated);
            log.info("worker evacuated drain={} worker={}", drain.id(), drain.worker());
        }
        Instant drained = status.drainedAt();
        if (drained != null) {
            store.drained(drain.id(), drained);
            log.info("worker drained, safe to power off drain={} worker={}", drain.id(), drain.worker());
        }
    }

    /** Every open drain; one that fails does not keep the others from their turn. */
    public void lookAfterAll() {
        for (Drain drain : reader.drains()) {
            if (drain.open()) {
                try {
                    lookAfter(drain.id());
                } catch (RuntimeException e) {
                    log.error("cannot look after a drain drain={}", drain.id(), e);
                }
            }
        }
    }
}
