package io.sluice.agent.api;

/** CPU (thousandths of a core) and memory (bytes): a workload asks for them, a worker has them. */
public record ResourceRequest(long cpuMillis, long memoryBytes) {
    public static final ResourceRequest NONE = new ResourceRequest(0, 0);
}
