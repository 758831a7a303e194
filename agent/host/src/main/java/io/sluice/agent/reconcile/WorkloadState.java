package io.sluice.agent.reconcile;

import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadStatus;

/**
 * One declared workload.
 *
 * @param fresh true when this run of the agent has not yet started it or seen it running or held
 */
public record WorkloadState(WorkloadDefinition definition, WorkloadStatus status, Autostart autostart, boolean fresh) {
    public WorkloadId id() {
        return definition.id();
    }

    public boolean held() {
        return autostart instanceof Autostart.Held;
    }
}
