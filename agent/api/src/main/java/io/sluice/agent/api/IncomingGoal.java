package io.sluice.agent.api;

/** What the destination should hold; each goal is reached from any earlier one, and reaching it twice changes nothing. */
public enum IncomingGoal {
    /** Space reserved, volume created with the exact size and known to read zero, logged in, source checked. */
    PREPARED,
    /** Clone device up with hydration off; regions the source does not allocate marked as needing no copy. */
    CLONED,
    /** The workload is running on the clone device; hydration still off. The volume here is now the newest copy. */
    RUNNING,
    /** The workload is running and the clone device hydrates. */
    HYDRATED,
    /** Every region verified, the clone device replaced by the plain volume, detached, metadata dropped. */
    SETTLED,
    /** Abort: detached, and everything made here for this migration deleted. Never follows {@link #RUNNING}. */
    DISCARDED
}
