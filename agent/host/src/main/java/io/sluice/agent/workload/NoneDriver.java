package io.sluice.agent.workload;

import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.reconcile.DiskState;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Driver {@code none}: there is nothing to run, so that only what the agent did last can be said. */
final class NoneDriver implements Driver {
    @Override
    public void start(WorkloadDefinition workload, long epoch, List<DiskState> disks) {}

    @Override
    public void stop(WorkloadDefinition workload) {}

    @Override
    public WorkloadStatus status(WorkloadDefinition workload, WorkloadStatus before) {
        return before;
    }

    @Override
    public @Nullable Path controlGroup(WorkloadDefinition workload) {
        return null;
    }
}
