package io.sluice.orchestrator.simulation;

import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadId;
import io.sluice.orchestrator.migration.MigrationState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a workload belongs by what was decided. */
final class WorkloadHomes {
    private WorkloadHomes() {}

    /** The destination of its last migration that went past the point of no return; null when none did. */
    static @Nullable WorkerId of(WorkloadId workload, List<SimulatedDatabase.MigrationRow> rows) {
        WorkerId home = null;
        for (SimulatedDatabase.MigrationRow row : rows) {
            MigrationState state = row.migration().state();
            boolean moved = state instanceof MigrationState.ForwardOnly || state == MigrationState.Terminal.DONE;
            if (moved && workload.equals(row.migration().cargo().workloadId())) {
                home = row.migration().destination();
            }
        }
        return home;
    }
}
