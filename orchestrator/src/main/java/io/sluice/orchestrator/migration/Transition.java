package io.sluice.orchestrator.migration;

import io.sluice.agent.api.IncomingGoal;
import io.sluice.agent.api.OutgoingGoal;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.reason.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One commit to be tried.
 *
 * @param from the migration as it was read; its version and epoch are compared
 * @param why why it is given up; null for the ordinary course
 * @param within deadline of the new state, counted from the commit; null is none
 * @param unchanged for a step that takes something shared (a slot): both hosts' generations as they were read, which must
 *     still hold, for they rise with every commit of any migration there; null where other migrations do not matter
 * @param rooms for a step that takes a place under ceilings: each must still have one when it is committed
 * @param slots for a step that takes a slot: its drain must still allow so many
 * @param waits what the new state waits for, where that is known before it is committed: it is noted with the commit
 * @param without hosts that were written off and may still hold something of the migration that ends: each is remembered with the commit
 */
public record Transition(
        Migration from,
        MigrationState to,
        @Nullable Reason why,
        @Nullable Duration within,
        @Nullable Generations unchanged,
        List<Room> rooms,
        @Nullable Slots slots,
        @Nullable Reason waits,
        Set<WorkerId> without) {
    /** How many migrations at a time its drain allowed when it was read. */
    public record Slots(int perSource, int perDestination) {}

    public Transition {
        rooms = List.copyOf(rooms);
        without = Set.copyOf(without);
    }

    /** Where no ceiling counts how many are under way. */
    public Transition(
            Migration from,
            MigrationState to,
            @Nullable Reason why,
            @Nullable Duration within,
            @Nullable Generations unchanged) {
        this(from, to, why, within, unchanged, List.of());
    }

    /** Where what the new state waits for is not known yet. */
    public Transition(
            Migration from,
            MigrationState to,
            @Nullable Reason why,
            @Nullable Duration within,
            @Nullable Generations unchanged,
            List<Room> rooms) {
        this(from, to, why, within, unchanged, rooms, null, null, Set.of());
    }

    /** The same, and what the new state will wait for. */
    Transition waiting(Reason reason) {
        return new Transition(from, to, why, within, unchanged, rooms, slots, reason, without);
    }

    /**
     * Whether it brings the cargo nearer to its destination while it could still be sent elsewhere: not once the destination has
     * been cordoned or is being drained, whenever that was said.
     */
    public boolean needsOpenDestination() {
        return why == null
                && from.state() instanceof MigrationState.Reversible
                && from.state() != MigrationState.Reversible.ABORTING
                && !from.state().inCutover();
    }

    /** Whether the source's spec differs after it: only then its generation must rise. */
    public boolean asksSource() {
        return !Objects.equals(sourceGoal(from.state()), sourceGoal(to));
    }

    /** Whether the destination's spec differs after it: only then its generation must rise. */
    public boolean asksDestination() {
        return !Objects.equals(destinationGoal(from.state()), destinationGoal(to));
    }

    /**
     * The row after the commit; the same for every store. A host that was asked nothing new keeps the generation it had: no
     * report of it is needed again.
     *
     * @param now the store's time of the commit
     * @param raised the hosts' generations after this commit
     */
    public Migration committed(Instant now, Generations raised) {
        Position before = from.position();
        var generations = new Generations(
                asksSource() ? raised.source() : before.generations().source(),
                asksDestination() ? raised.destination() : before.generations().destination());
        Instant deadline = within == null ? null : now.plus(within);
        Reason cause = why == null ? before.cause() : why;
        return from.with(new Position(
                to, before.version() + 1, now, deadline, generations, cause, waits, waits == null ? null : now));
    }

    private static @Nullable OutgoingGoal sourceGoal(MigrationState state) {
        HostSpecs.Goals goals = HostSpecs.goals(state);
        return goals == null ? null : goals.source();
    }

    private static @Nullable IncomingGoal destinationGoal(MigrationState state) {
        HostSpecs.Goals goals = HostSpecs.goals(state);
        return goals == null ? null : goals.destination();
    }
}
