package io.sluice.orchestrator.cli.bench;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.sluice.orchestrator.cli.bench.Latencies.Quantiles;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of one fleet; times in milliseconds, names as in the JSON.
 *
 * @param decisionLatency from the report that completes a step to the other host's call answered, with so many migrations live
 * @param decisionLatencyIdle the same with one drain alone
 * @param load that of {@code decisionLatency}: copies take as long as asked, and end one after another
 * @param saturation with copies so short that the orchestrator always has something to decide
 * @param sync a report that says nothing new, answered at once, beside the idle fleet
 * @param changedSync a report of something new, likewise
 * @param syncPerSecond reports that say nothing new, as many as are taken
 * @param changedSyncPerSecond reports of something new, as many as are taken
 * @param idleSyncPerSecond what the idle fleet asks for
 * @param statementsPerIdleSync database statements meanwhile, everything the orchestrator does by itself included
 * @param cpu the orchestrator's processor time, which a machine that is busy with more does not stretch
 * @param growth the same of a tenth of the workers
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record FleetResult(
        int workers,
        int volumes,
        @JsonProperty("live_migrations") double liveMigrations,
        @JsonProperty("decision_latency_ms") Quantiles decisionLatency,
        @JsonProperty("decision_latency_idle_ms") Quantiles decisionLatencyIdle,
        @JsonProperty("load") DrainLoad.Measured load,
        @JsonProperty("saturation") DrainLoad.Measured saturation,
        @JsonProperty("sync_ms") Quantiles sync,
        @JsonProperty("changed_sync_ms") Quantiles changedSync,
        @JsonProperty("sync_per_second") double syncPerSecond,
        @JsonProperty("changed_sync_per_second") double changedSyncPerSecond,
        @JsonProperty("idle_sync_per_second") double idleSyncPerSecond,
        @JsonProperty("statements_per_idle_sync") double statementsPerIdleSync,
        @JsonProperty("plan_ms") double plan,
        @JsonProperty("drain_page_ms") double drainPage,
        @JsonProperty("register_per_second") double registerPerSecond,
        @JsonProperty("server_memory_mib") BenchServer.Memory memory,
        @JsonProperty("server_cpu_ms") Cpu cpu,
        @JsonProperty("failed_calls") int failedCalls,
        @JsonProperty("growth") @Nullable FleetResult growth) {

    /** Milliseconds for one of each; idle includes what the orchestrator does by itself. */
    record Cpu(
            @JsonProperty("idle_sync") double idleSync,
            @JsonProperty("sync") double sync,
            @JsonProperty("changed_sync") double changedSync,
            @JsonProperty("plan") double plan,
            @JsonProperty("drain_page") double drainPage) {}

    FleetResult with(FleetResult smaller) {
        return new FleetResult(
                workers,
                volumes,
                liveMigrations,
                decisionLatency,
                decisionLatencyIdle,
                load,
                saturation,
                sync,
                changedSync,
                syncPerSecond,
                changedSyncPerSecond,
                idleSyncPerSecond,
                statementsPerIdleSync,
                plan,
                drainPage,
                registerPerSecond,
                memory,
                cpu,
                failedCalls,
                smaller);
    }
}
