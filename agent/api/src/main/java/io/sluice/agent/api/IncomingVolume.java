package io.sluice.agent.api;

import org.jspecify.annotations.Nullable;

/**
 * One volume of an {@link Incoming} part.
 *
 * @param sizeBytes exact size of the source's device
 * @param blockBytes logical block size of the source's device
 * @param portal the source's iSCSI portal
 * @param engine what makes its clone device; null, as from an orchestrator that knows of one alone, is {@link CloneEngine#PORTABLE}
 */
public record IncomingVolume(
        VolumeId volume,
        PoolName pool,
        long sizeBytes,
        int blockBytes,
        Portal portal,
        ExportAccess access,
        HydrationOrder hydration,
        @Nullable CloneEngine engine) {
    public CloneEngine engineOrPortable() {
        return engine == null ? CloneEngine.PORTABLE : engine;
    }
}
