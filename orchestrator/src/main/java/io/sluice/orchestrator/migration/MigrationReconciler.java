package io.sluice.orchestrator.migration;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.migration.MigrationStore.Outcome.Committed;
import io.sluice.orchestrator.migration.MigrationStore.Outcome.Conflict;
import io.sluice.orchestrator.reason.Reason;
import java.util.Comparator;
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
        var moving = new LinkedHashSet<MigrationId>();
        for (Situation situation : store.situations(worker)) {
            switch (MigrationMachine.next(situation.migration(), Observations.of(situation))) {
                case Step.Rest() -> {}
                case Step.Wait wait -> note(situation.migration(), wait.reason());
                case Step.Enter enter -> moving.add(situation.migration().id());
            }
        }
        advanceAll(moving);
    }

    /** Takes one migration, and those it made room for, as far as what is observed allows. */
    public void reconcile(MigrationId migration) {
        var pending = new LinkedHashSet<MigrationId>();
        pending.add(migration);
        advanceAll(pending);
    }

    /** Ends because each migration can be committed only so often before it has ended. */
    private void advanceAll(SequencedSet<MigrationId> pending) {
        while (!pending.isEmpty()) {
            pending.addAll(advance(pending.removeFirst()));
        }
    }

    /** Answers the migrations that something was freed for. */
    private Set<MigrationId> advance(MigrationId id) {
        var freed = new LinkedHashSet<MigrationId>();
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
                    return freed;
                }
                case Step.Enter enter -> {
                    Transition transition = transition(situation, enter.state(), enter.why());
                    switch (store.commit(transition)) {
                        case Committed done -> {
                            attempts = 0;
                            listener.committed(transition, done.migration());
                            if (frees(transition)) {
                                freed.addAll(byPriority(situation));
                            }
                        }
                        case Conflict() -> attempts++;
                    }
                }
            }
        }
        return freed;
    }

    /** Who may take what was freed, the most urgent first. */
    private static List<MigrationId> byPriority(Situation situation) {
        Steering steering = situation.limits().steering();
        return situation.others().stream()
                .sorted(Comparator.comparingInt((Migration other) -> -steering.priorityOf(other.drain())))
                .map(Migration::id)
                .toList();
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
