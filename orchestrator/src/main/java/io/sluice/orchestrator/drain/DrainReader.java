package io.sluice.orchestrator.drain;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.DrainId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that is shown, each answer from one snapshot of the store. */
public interface DrainReader {
    FleetReading fleet();

    /** At least this worker, and the live migrations that it is source or destination of: enough to judge it by itself. */
    default FleetReading fleet(WorkerId worker) {
        return fleet();
    }

    /** The store's time. */
    Instant now();

    /** Sums over all migrations there ever were. */
    Hydration hydration();

    /** Those that are open and so many of those that ended, newest first. */
    List<Drain> drains(int ended);

    /** What there is to look after, however many there ever were; newest first. */
    default List<Drain> openDrains() {
        return drains(0);
    }

    @Nullable
    Drain drain(DrainId id);

    /** All of one drain from one snapshot; null when there is no such drain. */
    @Nullable
    DrainReading reading(DrainId id);

    @Nullable
    StoredPlan newestPlan(DrainId drain);

    /** In the order in which they begin; later attempts after earlier ones. */
    List<MigrationRecord> migrations(DrainId drain);

    /** Newest first, at most {@code limit}. */
    List<MigrationRecord> migrations(int limit);

    @Nullable
    MigrationRecord migration(MigrationId id);

    /** At most {@code limit} events of the drain after the cursor, oldest first. */
    List<MigrationEvent> events(DrainId drain, long after, int limit);
}
