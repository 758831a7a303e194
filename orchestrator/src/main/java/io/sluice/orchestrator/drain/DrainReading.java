package io.sluice.orchestrator.drain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a drain's status is computed from, read at one moment.
 *
 * @param fleet at least the drained worker and what live migrations have it as source or destination
 * @param migrations in the order in which they begin; later attempts after earlier ones
 */
public record DrainReading(
        Drain drain,
        FleetReading fleet,
        List<MigrationRecord> migrations,
        @Nullable StoredPlan newestPlan) {
    public DrainReading {
        migrations = List.copyOf(migrations);
    }
}
