package io.sluice.orchestrator.fleet;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a live migration needs on its destination, whether or not the destination holds some of it already.
 *
 * @param workload null when a volume moves alone
 * @param group the workload's group; null is none
 */
public record Reservation(
        MigrationId migration,
        @Nullable WorkloadId workload,
        @Nullable String group,
        WorkerId source,
        WorkerId destination,
        ResourceRequest request,
        List<Space> volumes) {
    public Reservation {
        volumes = List.copyOf(volumes);
    }

    /** Room for one volume in one pool of the destination. */
    public record Space(VolumeId volume, PoolName pool, long sizeBytes) {}
}
