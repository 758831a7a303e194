package io.sluice.agent.api;

/** What a copy of a volume on a host is. */
public enum VolumeRole {
    /** The copy its workload uses, or would use. */
    OWNED,
    /** Frozen for a migration: stopped, flushed, read-only, and kept from starting. */
    FROZEN,
    /** Being made for a migration that has not started its workload here. */
    INCOMING,
    /** Old data, kept for a while after its migration is done. */
    RETIRED
}
