package io.sluice.agent.api;

/** What makes the clone device of an incoming volume. The plan names it; the destination does not choose. */
public enum CloneEngine {
    /** Linux dm-clone (Documentation/admin-guide/device-mapper/dm-clone.rst) on a logical volume. */
    DM_CLONE,
    /** The agent's own clone engine, on any volume and without a kernel's help. */
    PORTABLE
}
