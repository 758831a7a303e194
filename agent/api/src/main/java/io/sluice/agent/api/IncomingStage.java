package io.sluice.agent.api;

/** How far an incoming volume is, as found on the host. */
public enum IncomingStage {
    /** The local volume exists with its exact size and reads zero. */
    CREATED,
    /** Logged in to the export; size, block size and identity agree with what the spec says. */
    ATTACHED,
    /** The clone device is up. */
    CLONED,
    /** The plain local volume serves in place of the clone device; nothing is attached. */
    LINEAR
}
