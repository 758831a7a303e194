package io.sluice.orchestrator.cli.client;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A worker as the API shows it. Sizes in bytes; what the service does not know is null. */
public record WorkerView(
        String id,
        String name,
        String status,
        boolean cordoned,
        boolean connected,
        @Nullable Long lastSeenSeconds,
        @Nullable Location location,
        Map<String, String> labels,
        @Nullable String agentVersion,
        List<Pool> pools,
        @Nullable Integer volumes,
        @Nullable Integer workloads,
        @Nullable Integer runningWorkloads,
        @Nullable Resources capacity,
        @Nullable Resources requested,
        @Nullable String drain,
        List<Failure> failures,
        @Nullable WrittenOff writtenOff) {

    public WorkerView {
        labels = Views.mapOf(labels);
        pools = Views.listOf(pools);
        failures = Views.listOf(failures);
    }

    /** Where the worker stands; each level is known only if the agent was told it. */
    public record Location(
            @Nullable String region,
            @Nullable String zone,
            @Nullable String rack) {}

    /** Since when an operator says that it does not come back, who, and why. */
    public record WrittenOff(String at, String by, String reason) {}

    /** A pool that holds volumes: {@code committed} is promised to volumes there, {@code reserved} to ones on the way. */
    public record Pool(
            String name,
            String kind,
            @Nullable Long capacityBytes,
            @Nullable Long committedBytes,
            @Nullable Long reservedBytes,
            @Nullable Long freeBytes) {}

    /** CPU and memory: a worker's whole, or what its workloads ask for. */
    public record Resources(
            @Nullable Long cpuMillis, @Nullable Long memoryBytes) {}

    /** What keeps the host from holding what it should, in its agent's words. */
    public record Failure(
            @Nullable String migration,
            String code,
            String message,
            @Nullable Long seconds,
            @Nullable Integer attempts) {}
}
