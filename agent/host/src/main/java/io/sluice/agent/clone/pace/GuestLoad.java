package io.sluice.agent.clone.pace;

/** What a workload does with its disk, per second: reads and writes together. */
public record GuestLoad(long operations, long bytes) {
    public static final GuestLoad NONE = new GuestLoad(0, 0);
}
