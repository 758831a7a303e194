package io.sluice.orchestrator.drain;

import io.sluice.agent.api.HydrationPaceReport;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.VolumeId;
import org.jspecify.annotations.Nullable;

/**
 * What was last observed of one volume's copying; null is unknown.
 *
 * @param regions null until its clone device was observed
 * @param pace how its copying is driven; null where nothing needs driving
 */
public record VolumeProgress(
        VolumeId volume,
        long sizeBytes,
        @Nullable Long allocatedBytes,
        @Nullable Regions regions,
        @Nullable HydrationPaceReport pace,
        @Nullable VerificationReport verification) {

    /** Counters of a clone device. */
    public record Regions(
            int bytes,
            long total,
            long hydrated,
            long copiedBytes,
            long skippedBytes,
            long writtenBytes,
            long bytesPerSecond) {}

    /** Bytes that are local; null until observed. */
    @Nullable
    Long hydratedBytes() {
        return regions == null ? null : Math.min(sizeBytes, regions.hydrated() * regions.bytes());
    }
}
