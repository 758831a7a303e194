package io.sluice.agent.api;

import org.jspecify.annotations.Nullable;

/**
 * One volume that lies on this host.
 *
 * @param epoch the epoch this copy carries; the worker that holds the newest one in role {@link VolumeRole#OWNED} owns it
 * @param allocatedBytes what the medium holds of it; null where the pool cannot tell
 * @param writable false when the volume is set read-only
 * @param deletesInSeconds for a retired copy, when it will be deleted; null otherwise
 */
public record VolumeReport(
        VolumeId volume,
        PoolName pool,
        long sizeBytes,
        int blockBytes,
        @Nullable Long allocatedBytes,
        long epoch,
        VolumeRole role,
        boolean writable,
        @Nullable Long deletesInSeconds) {}
