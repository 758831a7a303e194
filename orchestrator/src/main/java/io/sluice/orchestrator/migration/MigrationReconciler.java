package io.sluice.orchestrator.migration;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.migration.MigrationStore.Outcome.Committed;
import io.sluice.orchestrator.migration.MigrationStore.Outcome.Conflict;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Load, observe, decide, commit, for as long as something moves. Runs inline where a report came in, and on a slow safety
 * tick; running it once more, or twice at the same time, changes nothing that the commit does not allow.
 */
public final class MigrationReconciler {
    /** A conflict means another commit went through; so many in a row for one migration mean that the next tick may have it. */
    private static final int ATTEMPTS = 8;

    /** So many that have not begun are looked at together. */
    private static final int PIECE = 64;

    private final MigrationStore store;
    private final TransitionListener listener;

    public MigrationReconciler(MigrationStore store, TransitionListener listener) {
        this.store = store;
        this.listener = listener;
    }

    /** Takes every live migration of this worker as far as what is observed allows. */
    public void reconcile(WorkerId worker) {
        settle(advanceAll(store.situations(worker)));
    }

    /**
     * Takes those on that a report of this worker's can take further. What has not begun waits for others, whose end begins it; that a host
     * is heard of again is left to the slow tick.
     */
    public void reported(WorkerId worker) {
        settle(advanceAll(store.underWay(worker)));
    }

    /** Takes one migration, and those it made room for, as far as what is observed allows. */
    public void reconcile(MigrationId migration) {
        settle(advance(migration, null));
    }

    /** Ends because each migration can be committed only so often before it has ended. */
    private void settle(Freed freed) {
        SequencedSet<WorkerId> workers = new LinkedHashSet<>(freed.workers());
        SequencedSet<MigrationId> migrations = new LinkedHashSet<>(freed.migrations());
        while (!workers.isEmpty() || !migrations.isEmpty()) {
            Freed further =
                    migrations.isEmpty() ? begin(workers.removeFirst()) : advance(migrations.removeFirst(), null);
            workers.addAll(further.workers());
            migrations.addAll(further.migrations());
        }
    }

    /** Gives what became free on a worker to those that have not begun, by pieces: there may be thousands, and one place. */
    private Freed begin(WorkerId worker) {
        Freed freed = new Freed();
        int waiting = 0;
        List<Situation> piece;
        do {
            piece = store.planned(worker, waiting, PIECE);
            Freed further = advanceAll(piece);
            freed.add(further);
            waiting += piece.size() - further.begun();
        } while (piece.size() == PIECE && !freed.isWaitedFor(worker));
        return freed;
    }

    /**
     * Decides on all these from one reading and then takes those on that have somewhere to go: the first by that reading, the others each by
     * one of its own, since the first may have taken what they need. What begins takes a slot from the next: once one finds none, those
     * that need the same one are not asked.
     */
    private Freed advanceAll(List<Situation> situations) {
        Freed freed = new Freed();
        List<Situation> moving = new ArrayList<>();
        for (Situation situation : situations) {
            switch (MigrationMachine.next(situation.migration(), Observations.of(situation))) {
                case Step.Rest() -> {}
                case Step.Wait wait -> {
                    note(situation.migration(), wait.reason());
                    freed.waits(situation.migration(), wait.reason());
                }
                case Step.Enter enter -> moving.add(situation);
            }
        }
        moving.sort(Comparator.comparing(
                        (Situation situation) -> !situation.migration().state().inCutover())
                .thenComparingInt(situation -> -situation.limits().steering().priority()));
        boolean fresh = true;
        for (Situation situation : moving) {
            Migration migration = situation.migration();
            boolean begins = migration.state() == MigrationState.Reversible.PLANNED;
            if (!begins || !freed.isFull(migration)) {
                freed.add(advance(migration.id(), fresh ? situation : null));
                fresh = false;
            }
        }
        return freed;
    }

    /** What a migration's steps made free for others, and which hosts it found full. */
    private static final class Freed {
        private final Set<WorkerId> workers = new LinkedHashSet<>();
        private final Set<MigrationId> migrations = new LinkedHashSet<>();
        private final Set<WorkerId> full = new HashSet<>();
        private final Set<WorkerId> waitedFor = new HashSet<>();
        private int begun;

        Set<WorkerId> workers() {
            return workers;
        }

        Set<MigrationId> migrations() {
            return migrations;
        }

        /** Whether something waits for a slot there: what comes after it will most likely, too, and the slow tick asks everybody. */
        boolean isWaitedFor(WorkerId worker) {
            return waitedFor.contains(worker);
        }

        boolean isFull(Migration migration) {
            return full.contains(migration.source()) || full.contains(migration.destination());
        }

        int begun() {
            return begun;
        }

        void add(Freed other) {
            workers.addAll(other.workers);
            migrations.addAll(other.migrations);
            full.addAll(other.full);
            waitedFor.addAll(other.waitedFor);
            begun += other.begun;
        }

        /** An end frees slots on both hosts; it, and the end of a cutover, lets the next member of the group on. */
        void add(Transition transition, Situation situation) {
            Migration from = transition.from();
            if (from.state() == MigrationState.Reversible.PLANNED) {
                begun++;
            }
            if (transition.to() instanceof MigrationState.Terminal) {
                workers.add(from.source());
                workers.add(from.destination());
            }
            String group = from.cargo().group();
            if (group != null && frees(transition)) {
                situation.others().stream()
                        .filter(other -> group.equals(other.cargo().group()))
                        .sorted(Comparator.comparingInt((Migration other) ->
                                -situation.limits().steering().priorityOf(other.drain())))
                        .forEach(other -> migrations.add(other.id()));
            }
        }

        /** One that tried to begin found no slot. */
        void full(Migration migration, Reason reason) {
            waits(migration, reason);
            full.addAll(waitedFor);
        }

        /** What one drain does not allow any more another may allow: this keeps nobody from trying. */
        void waits(Migration migration, Reason reason) {
            if (reason.is(ReasonCode.WAITING_FOR_SLOT)) {
                waitedFor.add(migration.source());
            } else if (reason.is(ReasonCode.WAITING_FOR_DESTINATION_SLOT)) {
                waitedFor.add(migration.destination());
            }
        }
    }

    /**
     * Ends without another reading where a commit's own step says that only a host it asked can take the migration further.
     *
     * @param read what was just read of it; null to read it now
     */
    private Freed advance(MigrationId id, @Nullable Situation read) {
        Freed freed = new Freed();
        int attempts = 0;
        Situation next = read;
        while (attempts < ATTEMPTS) {
            Situation situation = next == null ? store.situation(id) : next;
            next = null;
            if (situation == null) {
                return freed;
            }
            switch (MigrationMachine.next(situation.migration(), Observations.of(situation))) {
                case Step.Rest() -> {
                    return freed;
                }
                case Step.Wait wait -> {
                    note(situation.migration(), wait.reason());
                    freed.full(situation.migration(), wait.reason());
                    return freed;
                }
                case Step.Enter enter -> {
                    Transition transition = foreseen(situation, transition(situation, enter.state(), enter.why()));
                    switch (store.commit(transition)) {
                        case Committed done -> {
                            attempts = 0;
                            listener.committed(transition, done.migration());
                            freed.add(transition, situation);
                            if (transition.waits() != null || transition.to() instanceof MigrationState.Terminal) {
                                return freed;
                            }
                        }
                        case Conflict() -> attempts++;
                    }
                }
            }
        }
        return freed;
    }

    /** With what the migration will wait for, where the step asks a host anew: no host can have answered that before it is committed. */
    private static Transition foreseen(Situation situation, Transition transition) {
        if (!transition.asksSource() && !transition.asksDestination()) {
            return transition;
        }
        Situation after = situation.after(transition);
        return MigrationMachine.next(after.migration(), Observations.of(after)) instanceof Step.Wait wait
                ? transition.waiting(wait.reason())
                : transition;
    }

    /** What hosts that were written off and came back have cleared away is named to them no longer. */
    public void clearAway() {
        for (LeftBehind left : store.leftBehind()) {
            if (Observations.cleared(left.migration(), left.host(), left.report())) {
                store.cleared(left.migration().id(), left.host());
            }
        }
    }

    private void note(Migration migration, Reason reason) {
        if (!reason.equals(migration.position().reason())) {
            store.note(migration.id(), migration.position().version(), reason);
        }
    }

    private static Transition transition(Situation situation, MigrationState to, @Nullable Reason why) {
        Migration from = situation.migration();
        boolean begins = !from.state().holdsSlot() && to.holdsSlot();
        return new Transition(
                from,
                to,
                why,
                situation.limits().deadline(to, from),
                begins ? situation.generations() : null,
                begins ? situation.rooms() : List.of(),
                begins
                        ? new Transition.Slots(
                                situation.limits().perSource(),
                                situation.limits().perDestination())
                        : null,
                null,
                without(situation, to));
    }

    /** Of Planned no host was told; what is Done had settled on its destination. */
    private static Set<WorkerId> without(Situation situation, MigrationState to) {
        Migration from = situation.migration();
        if (!(to instanceof MigrationState.Terminal) || !from.state().holdsSlot()) {
            return Set.of();
        }
        Set<WorkerId> without = new HashSet<>(situation.writtenOff());
        if (to == MigrationState.Terminal.DONE) {
            without.remove(from.destination());
        }
        return without;
    }

    private static boolean frees(Transition transition) {
        MigrationState from = transition.from().state();
        return transition.to() instanceof MigrationState.Terminal
                || (from.inCutover() && !transition.to().inCutover());
    }
}
