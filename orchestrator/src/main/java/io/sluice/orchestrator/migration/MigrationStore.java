package io.sluice.orchestrator.migration;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.reason.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where migrations are kept. Time is the store's own. Every method is one transaction, and none is held across a call to a
 * host.
 */
public interface MigrationStore {
    /**
     * Reads what one decision rests on; null when there is no such migration. The other migrations may be seen later than the rest,
     * never earlier: {@link #commit} compares what would make that wrong.
     */
    @Nullable
    Situation situation(MigrationId migration);

    /**
     * The situations of all migrations that have not ended and have this worker as source or destination: those in their cutover
     * first, because their workload is down, then oldest first. Read together, so that a host's report costs the same however
     * many migrations it takes part in.
     */
    List<Situation> situations(WorkerId worker);

    /** Of these, those that have begun: what a report of this worker's can take further. */
    List<Situation> underWay(WorkerId worker);

    /**
     * Of these, those that have not begun, the most urgent drain's first, then oldest first: a part of them, since there may be thousands and
     * room for one.
     *
     * @param skip so many of the first are left out
     */
    List<Situation> planned(WorkerId worker, int skip, int limit);

    /**
     * In one transaction: compares version, epoch, {@link Transition#unchanged}, {@link Transition#slots}, that {@link Transition#rooms} have a place left and
     * that the destination is open where that matters ({@link Transition#needsOpenDestination}), raises the generation of each host whose spec changes ({@link Transition#asksSource}, {@link Transition#asksDestination}), writes
     * {@link Transition#committed}, {@link Transition#without} and one event row. Two live migrations of one {@link Migration#cutoverGroup} are
     * a conflict too.
     */
    Outcome commit(Transition transition);

    /** What hosts were told to clear away, of those that reported after they had taken that up. */
    List<LeftBehind> leftBehind();

    /** The host holds nothing of the migration any more: it is named to it no longer, and its generation raised. */
    void cleared(MigrationId migration, WorkerId host);

    /** Writes why it waits, if the version still holds; its {@code reasonSince} changes only when the reason's code does. */
    void note(MigrationId migration, long version, Reason reason);

    /** What became of a commit. */
    sealed interface Outcome {
        record Committed(Migration migration) implements Outcome {}

        /** Somebody else was faster: nothing was written; read again and decide anew. */
        record Conflict() implements Outcome {}
    }
}
