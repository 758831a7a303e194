package io.sluice.agent.workload;

import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.reconcile.DiskState;
import java.util.List;

/** How workloads of one kind are started, stopped and looked at; failures are {@code HostActionException}. */
interface Driver {
    void start(WorkloadDefinition workload, long epoch, List<DiskState> disks);

    void stop(WorkloadDefinition workload);

    /** What can be said of it; {@code before} is what was known so far. */
    WorkloadStatus status(WorkloadDefinition workload, WorkloadStatus before);
}
