package io.sluice.agent.check;

import org.jspecify.annotations.Nullable;

/**
 * One thing a host can or cannot do.
 *
 * @param need what it is needed for
 * @param seen what was found
 * @param remedy what to do; null where nothing is missing
 */
public record Finding(
        String what,
        boolean there,
        Need need,
        String seen,
        @Nullable String remedy) {

    /** What a thing is needed for. */
    public enum Need {
        /** The kernel's data path: without it this host takes volumes by the portable engine. */
        KERNEL_PATH,
        /** Volumes in LVM pools. */
        LVM,
        /** Something works better with it. */
        BETTER,
        /** Other hosts must be reached, or this one by them. */
        NETWORK
    }
}
