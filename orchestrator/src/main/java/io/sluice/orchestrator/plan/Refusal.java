package io.sluice.orchestrator.plan;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadId;
import io.sluice.orchestrator.reason.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something on the worker that the plan does not move, and why. A refusal without workload and volumes concerns the worker.
 *
 * @param workload null when a volume without a workload is refused
 */
public record Refusal(@Nullable WorkloadId workload, List<VolumeId> volumes, Reason reason) {
    public Refusal {
        volumes = List.copyOf(volumes);
    }
}
