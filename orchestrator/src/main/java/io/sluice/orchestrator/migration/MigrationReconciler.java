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

    private final MigrationStore store;
    private final TransitionListener listener;

    public MigrationReconciler(MigrationStore store, TransitionListener listener) {
        this.store = store;
        this.listener = listener;
    }

    /** Takes every live migration of this worker as far as what is observed allows. */
    public void reconcile(WorkerId worker) {
        settle(new LinkedHashSet<>(Set.of(worker)), new LinkedHashSet<>());
    }

    /** Takes one migration, and those it made room for, as far as what is observed allows. */
    public void reconcile(MigrationId migration) {
        settle(new LinkedHashSet<>(), new LinkedHashSet<>(Set.of(migration)));
    }

    /** Ends because each migration can be committed only so often before it has ended. */
    private void settle(SequencedSet<WorkerId> workers, SequencedSet<MigrationId> migrations) {
        while (!workers.isEmpty() || !migrations.isEmpty()) {
            Freed freed = migrations.isEmpty() ? advanceAll(workers.removeFirst()) : advance(migrations.removeFirst());
            workers.addAll(freed.workers());
            migrations.addAll(freed.migrations());
        }
    }

    /**
     * Decides on all of a worker's migrations from one reading and then takes those on that have somewhere to go, each by a reading of its
     * own. What begins takes a slot from the next: once one finds none, those that need the same one are not asked.
     */
    private Freed advanceAll(WorkerId worker) {
        List<Situation> moving = new ArrayList<>();
        for (Situation situation : store.situations(worker)) {
            switch (MigrationMachine.next(situation.migration(), Observations.of(situation))) {
                case Step.Rest() -> {}
                case Step.Wait wait -> note(situation.migration(), wait.reason());
                case Step.Enter enter -> moving.add(situation);
            }
        }
        moving.sort(Comparator.comparing(
                        (Situation situation) -> !situation.migration().state().inCutover())
                .thenComparingInt(situation -> -situation.limits().steering().priority()));
        Freed freed = new Freed();
        Set<WorkerId> full = new HashSet<>();
        for (Situation situation : moving) {
            Migration migration = situation.migration();
            boolean begins = migration.state() == MigrationState.Reversible.PLANNED;
            if (!begins || !(full.contains(migration.source()) || full.contains(migration.destination()))) {
                Freed one = advance(migration.id());
                freed.add(one);
                full.addAll(one.full());
            }
        }
        return freed;
    }

    /** What a migration's steps made free for others, and which hosts it found full. */
    private record Freed(Set<WorkerId> workers, Set<MigrationId> migrations, Set<WorkerId> full) {
        Freed() {
            this(new LinkedHashSet<>(), new LinkedHashSet<>(), new HashSet<>());
        }

        void add(Freed other) {
            workers.addAll(other.workers());
            migrations.addAll(other.migrations());
        }

        /** An end frees slots on both hosts; it, and the end of a cutover, lets the next member of the group on. */
        void add(Transition transition, Situation situation) {
            Migration from = transition.from();
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

        void add(Migration migration, Reason waits) {
            if (waits.is(ReasonCode.WAITING_FOR_SLOT)) {
                full.add(migration.source());
            } else if (waits.is(ReasonCode.WAITING_FOR_DESTINATION_SLOT)) {
                full.add(migration.destination());
            }
        }
    }

    private Freed advance(MigrationId id) {
        Freed freed = new Freed();
        int attempts = 0;
        while (attempts < ATTEMPTS) {
            Situation situation = store.situation(id);
            if (situation == null) {
                return freed;
            }
            switch (MigrationMachine.next(situation.migration(), Observations.of(situation))) {
                case Step.Rest() -> {
                    return freed;
                }
                case Step.Wait wait -> {
                    note(situation.migration(), wait.reason());
                    freed.add(situation.migration(), wait.reason());
                    return freed;
                }
                case Step.Enter enter -> {
                    Transition transition = transition(situation, enter.state(), enter.why());
                    switch (store.commit(transition)) {
                        case Committed done -> {
                            attempts = 0;
                            listener.committed(transition, done.migration());
                            freed.add(transition, situation);
                        }
                        case Conflict() -> attempts++;
                    }
                }
            }
        }
        return freed;
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
                begins ? situation.rooms() : List.of());
    }

    private static boolean frees(Transition transition) {
        MigrationState from = transition.from().state();
        return transition.to() instanceof MigrationState.Terminal
                || (from.inCutover() && !transition.to().inCutover());
    }
}
