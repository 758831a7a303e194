package io.sluice.agent.volume;

import io.sluice.agent.api.PoolName;
import org.jspecify.annotations.Nullable;

/** Where a pool of this host lies, as configured. */
public sealed interface PoolPlace permits PoolDirectory, PoolGroup {
    PoolName name();

    /** As in {@code PoolReport.kind}. */
    String kind();

    /** What the exact sizes of all volumes in it may add up to; null is as much as the medium has. */
    @Nullable
    Long ceilingBytes();
}
