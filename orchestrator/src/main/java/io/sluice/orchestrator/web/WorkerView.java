package io.sluice.orchestrator.web;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A worker as it stands.
 *
 * @param cordoned the operator's own cordon; a draining worker takes nothing either
 * @param connected whether its agent reported within the time after which it counts as lost
 * @param lastSeenSeconds seconds since its last report; null before the first
 * @param volumes copies of volumes that lie on it, retired ones included; null before the first report
 * @param workloads workloads declared on it; null before the first report
 * @param requested what the declared workloads ask for; null before the first report
 * @param drain id of its open drain
 * @param writtenOff who said that it does not come back; null while it counts
 */
public record WorkerView(
        String id,
        String name,
        Status status,
        boolean cordoned,
        boolean connected,
        @Nullable Long lastSeenSeconds,
        LocationView location,
        Map<String, String> labels,
        String portal,
        String agentVersion,
        CapabilitiesView capabilities,
        List<PoolView> pools,
        @Nullable Integer volumes,
        @Nullable Integer workloads,
        @Nullable Integer runningWorkloads,
        ResourcesView capacity,
        @Nullable ResourcesView requested,
        @Nullable String drain,
        List<FailureView> failures,
        @Nullable WrittenOffView writtenOff) {

    /** In order of precedence from the last to the first. */
    public enum Status {
        ACTIVE,
        CORDONED,
        DRAINING,
        DRAINED,
        LOST,
        WRITTEN_OFF
    }

    /** Since when, by whom and why; the reason may be empty. */
    public record WrittenOffView(Instant at, String by, String reason) {}

    /** Where the host stands; null is unknown. */
    public record LocationView(
            @Nullable String region,
            @Nullable String zone,
            @Nullable String rack) {}

    /** Which clone engines the host offers. */
    public record CapabilitiesView(boolean dmClone, boolean portableClone) {}

    /**
     * One pool.
     *
     * @param committedBytes exact sizes of all volumes in it, allocated or not
     * @param reservedBytes room kept for live migrations that have not made their volumes yet
     * @param freeBytes what the medium under it has left
     */
    public record PoolView(
            String name, String kind, long capacityBytes, long committedBytes, long reservedBytes, long freeBytes) {}

    /** CPU in thousandths of a core, memory in bytes. */
    public record ResourcesView(long cpuMillis, long memoryBytes) {}

    /** What keeps the host from reaching its spec, in its agent's words. */
    public record FailureView(
            @Nullable String migration, String code, String message, String kind, long seconds, int attempts) {}
}
