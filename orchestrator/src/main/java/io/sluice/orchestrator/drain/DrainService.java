package io.sluice.orchestrator.drain;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.OperatorAction.By;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.MigrationReconciler;
import io.sluice.orchestrator.plan.Alternative;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
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

    /** So many drains' migrations begin within the call that begins them; those of a hundred workers would keep it waiting for half a minute. */
    private static final int BEGUN_AT_ONCE = 8;

    private final Planning planning;
    private final DrainStore store;
    private final DrainReader reader;
    private final SteeringStore steering;
    private final MigrationReconciler reconciler;

    DrainService(
            Planning planning,
            DrainStore store,
            DrainReader reader,
            SteeringStore steering,
            MigrationReconciler reconciler) {
        this.planning = planning;
        this.store = store;
        this.reader = reader;
        this.steering = steering;
        this.reconciler = reconciler;
    }

    /** What a worker can be asked. */
    public sealed interface Answer {
        record Done() implements Answer {}

        /** The worker is drained for good. */
        record Decommissioned(DrainId drain) implements Answer {}

        /** The worker has a drain that goes on. */
        record Draining(DrainId drain) implements Answer {}
    }

    /** The workers' drains: those that are open, and the others begun now and placed together. */
    public List<DrainId> start(List<DrainOrder> orders) {
        return underWay(planning.begin(orders), orders.getFirst().actor());
    }

    /** Of a large call the rest is begun by the next look after all drains. */
    private List<DrainId> underWay(List<DrainId> drains, String actor) {
        log.info("drains under way drains={} actor={}", drains, actor);
        drains.stream().limit(BEGUN_AT_ONCE).forEach(this::lookAfter);
        return drains;
    }

    /** What drains of these workers would do, kept for a day. */
    public Proposal dryRun(List<DrainOrder> orders) {
        return planning.dryRun(orders);
    }

    /** A dry run that is kept; null when there is none. */
    public @Nullable Proposal proposal(String id) {
        return planning.proposal(id);
    }

    /** Where one cargo of a dry run would go as the fleet is now, and why nowhere else; null when nothing of that name leaves. */
    public Alternative.@Nullable Choice choice(Proposal proposal, String cargo) {
        return planning.choice(proposal, cargo);
    }

    /** Does exactly what a dry run said, or nothing; asked again it answers with what it began. */
    public Execution execute(String proposal, String actor) {
        Execution execution = planning.execute(proposal, actor);
        if (execution instanceof Execution.Begun begun) {
            underWay(begun.drains(), actor);
        }
        return execution;
    }

    /**
     * Gives up what is reversible, lets the rest finish, then lifts the drain's cordon; the operator's own stays as it is. False
     * when it had ended before.
     */
    public boolean cancel(DrainId id, By by) {
        Drain drain = store.find(id);
        if (drain == null || !drain.moving() || through(drain)) {
            return false;
        }
        store.requestCancel(id);
        steering.record(new OperatorAction(OperatorAction.Kind.CANCEL, id, null, by));
        log.info("drain cancelled drain={} worker={} actor={}", id, drain.worker(), by.actor());
        lookAfter(id);
        return true;
    }

    /** A worker drained for maintenance is given back by uncordon; one drained for good only by cancelling its drain. */
    private boolean through(Drain drain) {
        return drain.order().mode() == DrainMode.MAINTENANCE && status(drain).phase() == DrainStatus.Phase.DRAINED;
    }

    public void cordon(WorkerId worker) {
        store.cordon(worker, true);
    }

    /**
     * Lifts the operator's own cordon. On a worker that was drained for maintenance it ends the drain instead, which gives the
     * worker back as it was: cordoned if it was cordoned. A drain that goes on, or is for good, must be cancelled first.
     */
    public Answer uncordon(WorkerId worker) {
        Drain drain = store.open(worker);
        if (drain == null) {
            store.cordon(worker, false);
            return new Answer.Done();
        }
        if (status(drain).drainedAt() == null || !store.live(drain.id()).isEmpty()) {
            return new Answer.Draining(drain.id());
        }
        if (drain.order().mode() == DrainMode.DECOMMISSION) {
            return new Answer.Decommissioned(drain.id());
        }
        milestones(drain);
        store.close(drain.id(), Drain.Outcome.DRAINED);
        log.info("drain ended drain={} outcome={}", drain.id(), Drain.Outcome.DRAINED);
        return new Answer.Done();
    }

    private DrainStatus status(Drain drain) {
        return DrainStatus.of(Objects.requireNonNull(reader.reading(drain.id()), "drains are never deleted"));
    }

    /** Takes a drain as far as it goes: its migrations, a new plan for what is left, its milestones, its end. */
    public void lookAfter(DrainId id) {
        Drain drain = Objects.requireNonNull(store.find(id), "drains are never deleted");
        reconcile(drain);
        if (drain.moving() && planning.again(drain)) {
            reconcile(drain);
        }
        conclude(drain);
    }

    /** Third-party migrations leave other workers, at which nobody looks for this drain's sake. */
    private void reconcile(Drain drain) {
        reconciler.reconcile(drain.worker());
        if (drain.order().limits().thirdParty() != null) {
            store.liveThirdParties(drain.id()).forEach(reconciler::reconcile);
        }
    }

    /** After one of its migrations has ended well: whether that was what the drain still needed. */
    public void conclude(DrainId id) {
        conclude(Objects.requireNonNull(store.find(id), "drains are never deleted"));
    }

    private void conclude(Drain drain) {
        if (drain.moving()) {
            milestones(drain);
        } else if (drain.open() && store.live(drain.id()).isEmpty()) {
            store.close(drain.id(), Drain.Outcome.CANCELLED);
            log.info("drain ended drain={} outcome={}", drain.id(), Drain.Outcome.CANCELLED);
        }
    }

    /** All of a drain is read only when its migrations do not show that it is not through. */
    private void milestones(Drain drain) {
        if (!drain.moving() || drain.drainedAt() != null) {
            return;
        }
        DrainStore.Left left = store.left(drain.id());
        if (drain.evacuatedAt() == null ? left.workloads() > 0 : left.live() > 0) {
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

    /** Every open drain, the most urgent first; one that fails does not keep the others from their turn. */
    public void lookAfterAll() {
        reader.openDrains().stream()
                .sorted(Comparator.comparingInt(drain -> -drain.order().limits().priority()))
                .map(Drain::id)
                .forEach(this::lookAfterGuarded);
    }

    private void lookAfterGuarded(DrainId drain) {
        try {
            lookAfter(drain);
        } catch (RuntimeException e) {
            log.error("cannot look after a drain drain={}", drain, e);
        }
    }
}
