package io.sluice.agent.reconcile;

import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is observed on this host at one instant: the planner's only knowledge of it.
 *
 * @param allCopiesSeen as {@link Volumes.Found} has it
 */
public record HostState(
        Instant now,
        List<PoolReport> pools,
        List<VolumeState> volumes,
        List<WorkloadState> workloads,
        List<ExportState> exports,
        List<CloneState> clones,
        List<DiskState> disks,
        List<FailureReport> problems,
        boolean allCopiesSeen) {
    public HostState {
        pools = List.copyOf(pools);
        volumes = List.copyOf(volumes);
        workloads = List.copyOf(workloads);
        exports = List.copyOf(exports);
        clones = List.copyOf(clones);
        disks = List.copyOf(disks);
        problems = List.copyOf(problems);
    }

    /** The copy of the volume that is not retired; null when there is none. */
    public @Nullable VolumeState current(VolumeId volume) {
        return first(volumes, v -> v.volume().equals(volume) && v.role() != VolumeRole.RETIRED);
    }

    public @Nullable WorkloadState workload(WorkloadId workload) {
        return first(workloads, w -> w.id().equals(workload));
    }

    /** The declared workload that owns the volume; null when none does. */
    public @Nullable WorkloadState ownerOf(VolumeId volume) {
        return first(workloads, w -> w.definition().volumes().contains(volume));
    }

    public @Nullable ExportState export(MigrationId migration, VolumeId volume) {
        return first(
                exports,
                e -> e.order().migration().equals(migration)
                        && e.order().volume().equals(volume));
    }

    public @Nullable CloneState cloneOf(VolumeId volume) {
        return first(clones, c -> c.volume().equals(volume));
    }

    public @Nullable DiskState diskOf(VolumeId volume) {
        return first(disks, d -> d.volume().equals(volume));
    }

    /** Highest epoch known of any copy of the volume here, retired ones included; 0 when there is none. */
    public long fence(VolumeId volume) {
        return volumes.stream()
                .filter(v -> v.volume().equals(volume))
                .mapToLong(v -> v.standing().fence())
                .max()
                .orElse(0);
    }

    /** Newest epoch of the workload's volumes here; 0 before any migration. */
    public long epochOf(WorkloadDefinition workload) {
        return volumes.stream()
                .filter(v ->
                        v.role() != VolumeRole.RETIRED && workload.volumes().contains(v.volume()))
                .mapToLong(v -> v.standing().epoch())
                .max()
                .orElse(0);
    }

    private static <T> @Nullable T first(List<T> all, Predicate<T> wanted) {
        for (T each : all) {
            if (wanted.test(each)) {
                return each;
            }
        }
        return null;
    }
}
