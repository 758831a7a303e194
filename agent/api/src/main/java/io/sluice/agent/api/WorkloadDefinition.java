package io.sluice.agent.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a workload is, as declared in the {@code workloads.d} of the worker it lives on; it travels with a migration.
 *
 * @param volumes the volumes it owns, in the order in which its programs see them; may be empty
 * @param driver {@code exec} (start, stop and status programs) or {@code none} (a declaration without a process)
 * @param programs the {@code exec} driver's programs; null for {@code none}
 * @param group workloads of one group are never in cutover at the same time; null is no group
 * @param stopGraceSeconds how long the stop program may take before the stop counts as failed
 * @param startGraceSeconds how long the start program may take before the start counts as failed
 */
public record WorkloadDefinition(
        WorkloadId id,
        List<VolumeId> volumes,
        String driver,
        @Nullable ExecPrograms programs,
        @Nullable String group,
        Map<String, String> labels,
        ResourceRequest request,
        long stopGraceSeconds,
        long startGraceSeconds) {
    public WorkloadDefinition {
        volumes = List.copyOf(volumes);
        labels = Map.copyOf(labels);
    }
}
