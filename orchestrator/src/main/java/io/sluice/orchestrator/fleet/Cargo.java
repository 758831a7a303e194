package io.sluice.orchestrator.fleet;

import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What moves as one: a workload with all its volumes, or one volume without a workload.
 *
 * @param workload null when a volume moves alone
 * @param wasRunning whether the workload ran when this was read; false without a workload
 * @param volumes in the order of the workload's definition
 */
public record Cargo(@Nullable WorkloadDefinition workload, boolean wasRunning, List<Volume> volumes) {
    public Cargo {
        volumes = List.copyOf(volumes);
        if (workload == null && volumes.size() != 1) {
            throw new IllegalArgumentException("without a workload exactly one volume moves, not " + volumes.size());
        }
    }

    /**
     * One volume as it lies on the worker it leaves.
     *
     * @param allocatedBytes null where the pool cannot tell
     */
    public record Volume(
            VolumeId id,
            PoolName pool,
            long sizeBytes,
            int blockBytes,
            @Nullable Long allocatedBytes,
            long epoch) {}

    public @Nullable WorkloadId workloadId() {
        return workload == null ? null : workload.id();
    }

    public @Nullable String group() {
        return workload == null ? null : workload.group();
    }

    public ResourceRequest request() {
        return workload == null ? ResourceRequest.NONE : workload.request();
    }

    public long sizeBytes() {
        return volumes.stream().mapToLong(Volume::sizeBytes).sum();
    }

    public List<VolumeId> volumeIds() {
        return volumes.stream().map(Volume::id).toList();
    }

    /** How people call it: the workload's id, else the volume's. */
    public String name() {
        return workload == null
                ? volumes.getFirst().id().value()
                : workload.id().value();
    }
}
