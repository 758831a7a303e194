package io.sluice.agent.api;

/** What the workload's driver says of it. Unknown is not stopped. */
public enum WorkloadStatus {
    RUNNING,
    STOPPED,
    UNKNOWN
}
