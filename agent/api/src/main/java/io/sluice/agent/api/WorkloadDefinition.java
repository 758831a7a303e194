package io.sluice.agent.api;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a workload is, as declared in the {@code workloads.d} of the worker it lives on; it travels with a migration.
 *
 * @param volumes the volumes it owns, in the order in which its programs see them; may be empty
 * @param driver {@code exec} (start, stop and status programs), {@code systemd} (a unit) or {@code none} (a declaration without
 *     a process)
 * @param programs the {@code exec} driver's programs; null for others
 * @param group workloads of one group are never in cutover at the same time; null is no group
 * @param stopGraceSeconds how long the stop program may take before the stop counts as failed
 * @param startGraceSeconds how long the start program may take before the start counts as failed
 * @param unit the {@code systemd} driver's unit, by the same name on every host; null for others
 * @param cgroup for {@code exec}: the control group its programs put the workload into, below the root of the control groups;
 *     null is not known
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
        long startGraceSeconds,
        @Nullable String unit,
        @Nullable String cgroup) {
    public WorkloadDefinition {
        volumes = List.copyOf(volumes);
        labels = Map.copyOf(labels);
    }

    /** A workload that is no unit and whose control group is not known. */
    public WorkloadDefinition(
            WorkloadId id,
            List<VolumeId> volumes,
            String driver,
            @Nullable ExecPrograms programs,
            @Nullable String group,
            Map<String, String> labels,
            ResourceRequest request,
            long stopGraceSeconds,
            long startGraceSeconds) {
        this(id, volumes, driver, programs, group, labels, request, stopGraceSeconds, startGraceSeconds, null, null);
    }
}
