package io.sluice.agent.api;

/**
 * One workload declared on this host.
 *
 * @param epoch newest epoch of its volumes here; 0 before any migration
 * @param held true when it is kept from starting by itself
 */
public record WorkloadReport(WorkloadDefinition definition, WorkloadStatus status, long epoch, boolean held) {}
