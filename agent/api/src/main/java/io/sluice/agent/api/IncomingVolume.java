package io.sluice.agent.api;

/**
 * One volume of an {@link Incoming} part.
 *
 * @param sizeBytes exact size of the source's device
 * @param blockBytes logical block size of the source's device
 * @param portal the source's iSCSI portal
 */
public record IncomingVolume(
        VolumeId volume,
        PoolName pool,
        long sizeBytes,
        int blockBytes,
        Portal portal,
        ExportAccess access,
        HydrationOrder hydration) {}
