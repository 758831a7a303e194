package io.sluice.agent.api;

/** What the source should hold; each goal is reached from any earlier one, and reaching it twice changes nothing. */
public enum OutgoingGoal {
    /** Exports open and read-only; the workload is untouched and may be writing. */
    OFFERED,
    /**
     * The workload is stopped and will not start by itself, even after a reboot; its volumes are flushed, read-only, and
     * their cached pages dropped; exports are open.
     */
    FROZEN,
    /** Exports closed; the workload's declaration is gone from here; the volumes' copies are retired. */
    RELEASED,
    /** Abort: exports closed, volumes writable, autostart on again, the workload running if it ran before. */
    RESTORED
}
