package io.sluice.agent.reconcile;

import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a volume as found in a pool. A retired copy may lie beside a newer one of the same volume.
 *
 * @param allocatedBytes what the medium holds of it; null where the pool cannot tell
 * @param writable as the medium says, not as the standing implies
 */
public record VolumeState(
        VolumeId volume,
        PoolName pool,
        long sizeBytes,
        int blockBytes,
        @Nullable Long allocatedBytes,
        boolean writable,
        Standing standing) {
    public VolumeRole role() {
        return standing.role();
    }
}
