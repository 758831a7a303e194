package io.sluice.agent.workload;

import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.reconcile.DiskState;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How workloads of one kind are started, stopped and looked at; failures are {@code HostActionException}. */
interface Driver {
    void start(WorkloadDefinition workload, long epoch, List<DiskState> disks);

    void stop(WorkloadDefinition workload);

    /** What can be said of it; {@code before} is what was known so far. */
    WorkloadStatus status(WorkloadDefinition workload, WorkloadStatus before);

    /** Directory of the control group in which it runs; null when it does not run, or is in none that is known. */
    @Nullable
    Path controlGroup(WorkloadDefinition workload);
}
