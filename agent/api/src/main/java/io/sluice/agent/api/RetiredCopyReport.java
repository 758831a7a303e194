package io.sluice.agent.api;

import org.jspecify.annotations.Nullable;

/**
 * A retired copy that lies on this host, whether a newer copy of its volume lies beside it or not.
 *
 * @param allocatedBytes what the medium holds of it; null where the pool cannot tell
 * @param deletesInSeconds when the host deletes it by itself; null when it keeps it until it is told
 */
public record RetiredCopyReport(
        VolumeId volume,
        PoolName pool,
        long epoch,
        long sizeBytes,
        @Nullable Long allocatedBytes,
        @Nullable Long deletesInSeconds) {}
