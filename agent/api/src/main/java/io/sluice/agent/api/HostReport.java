package io.sluice.agent.api;

import io.sluice.agent.api.RegisterRequest.Capabilities;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is observed on one host, whole; never what was commanded.
 *
 * @param incarnation start count of the agent, persisted: orders reports across restarts
 * @param sequence orders reports within one incarnation; the orchestrator drops a report older than the last it took
 * @param appliedGeneration generation of the spec this agent had taken up when it observed what it reports
 * @param bootId identifies the host's boot
 * @param actionsPending actions of that generation still running or to be run; 0 means the host has converged
 * @param retired every retired copy; null is unknown: a pool could not be read whole, or the agent does not tell them apart
 * @param capabilities what the host can do now; null is what it has told before
 */
public record HostReport(
        WorkerId worker,
        long incarnation,
        long sequence,
        long appliedGeneration,
        String bootId,
        int actionsPending,
        List<PoolReport> pools,
        List<VolumeReport> volumes,
        List<WorkloadReport> workloads,
        List<ExportReport> exports,
        List<IncomingVolumeReport> incoming,
        List<FailureReport> failures,
        @Nullable List<RetiredCopyReport> retired,
        @Nullable Capabilities capabilities) {
    public HostReport {
        pools = List.copyOf(pools);
        volumes = List.copyOf(volumes);
        workloads = List.copyOf(workloads);
        exports = List.copyOf(exports);
        incoming = List.copyOf(incoming);
        failures = List.copyOf(failures);
        retired = retired == null ? null : List.copyOf(retired);
    }

    /** The same with what the host can do. */
    public HostReport with(@Nullable Capabilities able) {
        return new HostReport(
                worker,
                incarnation,
                sequence,
                appliedGeneration,
                bootId,
                actionsPending,
                pools,
                volumes,
                workloads,
                exports,
                incoming,
                failures,
                retired,
                able);
    }
}
