package io.sluice.agent.volume;

import io.sluice.agent.api.PoolName;
import io.sluice.agent.reconcile.Volumes;

/** The pools of one kind on this host. */
public interface Pools extends Volumes, VolumeFiles {
    boolean has(PoolName pool);

    /** Looks at the pools again. Slow; not needed after actions. */
    void refresh();
}
