package io.sluice.agent.clone.pace;

/** What a workload may do with its disk, per second, in each direction: as {@code io.max} of cgroup v2 has it. */
public record GuestThrottle(long operations, long bytes) {}
