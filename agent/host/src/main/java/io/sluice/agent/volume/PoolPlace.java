package io.sluice.agent.volume;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.reconcile.HostActionException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where a pool of this host lies, as configured. */
public sealed interface PoolPlace permits PoolDirectory, PoolGroup {
    PoolName name();

    /** As in {@code PoolReport.kind}. */
    String kind();

    /** What the exact sizes of all volumes in it may add up to; null is as much as the medium has. */
    @Nullable
    Long ceilingBytes();

    /** The pool of that name among those of this host. */
    static <P extends PoolPlace> P named(PoolName name, List<P> pools) {
        for (P pool : pools) {
            if (pool.name().equals(name)) {
                return pool;
            }
        }
        throw new HostActionException(
                "POOL_UNKNOWN",
                FailureKind.ABORT,
                "this host has no pool " + name + ": add it to the agent's configuration, or choose another host");
    }
}
