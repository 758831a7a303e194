package io.sluice.agent.reconcile;

/** The host as the agent reaches it. */
public record HostPorts(Volumes volumes, Workloads workloads, Exports exports, Clones clones, Disks disks) {}
