package io.sluice.agent;

import io.sluice.agent.api.PoolName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The configuration file as it is written; what may be left out is null. {@link ConfigurationReader} checks it. */
record AgentFile(
        @Nullable Orchestrator orchestrator,
        @Nullable Path stateDirectory,
        @Nullable String name,
        @Nullable Location location,
        @Nullable Map<String, String> labels,
        @Nullable Portal portal,
        @Nullable DiskPortal diskPortal,
        @Nullable String disks,
        @Nullable List<Pool> pools,
        @Nullable Path workloadsDirectory,
        @Nullable Capacity capacity,
        @Nullable Metrics metrics,
        @Nullable Limits limits,
        @Nullable Hydration hydration) {

    record Orchestrator(
            @Nullable String url,
            @Nullable List<String> urls,
            @Nullable String joinToken,
            @Nullable Path joinTokenFile,
            @Nullable Path caFile,
            @Nullable Boolean allowPlainHttp) {}

    record Location(
            @Nullable String region,
            @Nullable String zone,
            @Nullable String rack) {}

    record Portal(@Nullable String bind, @Nullable String advertised) {}

    record DiskPortal(@Nullable String bind) {}

    record Metrics(@Nullable String bind) {}

    record Pool(
            @Nullable PoolName name,
            @Nullable String kind,
            @Nullable Path path,
            @Nullable String volumeGroup,
            @Nullable String thinPool,
            @Nullable String capacity) {}

    record Capacity(@Nullable Long cpuMillis, @Nullable String memory) {}

    record Hydration(
            @Nullable Long promisedBytesPerSecond,
            @Nullable Integer leastSeconds,
            @Nullable Integer regionBytes,
            @Nullable Long leastInFlightBytes,
            @Nullable Long mostInFlightBytes,
            @Nullable Boolean throttleGuests,
            @Nullable Long leastGuestOperationsPerSecond,
            @Nullable Long leastGuestBytesPerSecond) {}

    record Limits(
            @Nullable Integer parallelActions,
            @Nullable Integer refreshSeconds,
            @Nullable Long hydrationBytesPerSecond,
            @Nullable Long exportBytesPerSecond,
            @Nullable Long exportOperationsPerSecond) {}
}
