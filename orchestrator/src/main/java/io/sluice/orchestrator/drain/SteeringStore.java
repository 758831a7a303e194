package io.sluice.orchestrator.drain;

import io.sluice.agent.api.MigrationId;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.Intent;
import java.util.List;

/** What operators change about drains and migrations that there are. Each call is a transaction of its own unless the caller spans one. */
public interface SteeringStore {
    /** False when it had ended, was cancelled, or is so already. */
    boolean pause(DrainId drain, boolean paused);

    /** False when it had ended or was cancelled. */
    boolean change(DrainId drain, DrainLimits limits);

    /** Writes what the operator wants of a migration that has not cut over; false when it has, or has ended. */
    boolean intend(MigrationId migration, Intent intent);

    /** That migrations of this cargo were given up no longer counts. */
    void forgive(DrainId drain, String cargo);

    void record(OperatorAction action);

    /** Newest first, at most {@code limit}. */
    List<OperatorAction.Recorded> actions(DrainId drain, int limit);
}
