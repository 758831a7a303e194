package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;
import org.jspecify.annotations.Nullable;

/**
 * What must be known to put a clone together again after a reboot: dm-clone's metadata are bound to nothing.
 *
 * @param group the volume group that holds destination and metadata
 * @param destination path of the volume's own device
 * @param zeroed the heads of both metadata volumes have been zeroed: never again
 * @param holes null until the regions that the source does not allocate have been marked
 * @param hydratingSince seconds of the epoch when hydration was first ordered; null before
 * @param writtenSetLostAt seconds of the epoch when dm-era was seen to fail: from then on nobody knows what was written; else null
 */
record CloneRecord(
        MigrationId migration,
        long epoch,
        VolumeId volume,
        long sizeBytes,
        int blockBytes,
        int regionBytes,
        String group,
        String destination,
        boolean zeroed,
        @Nullable Holes holes,
        @Nullable Long hydratingSince,
        @Nullable Long writtenSetLostAt) {

    /**
     * What marking found.
     *
     * @param regions that need no copy
     * @param roundTripNanos of one small read of the source
     */
    record Holes(long regions, long roundTripNanos) {}

    String metadata() {
        return "/dev/" + group + "/" + metadataName();
    }

    String eraMetadata() {
        return "/dev/" + group + "/" + eraMetadataName();
    }

    String metadataName() {
        return "sluice-" + volume + ".meta";
    }

    String eraMetadataName() {
        return "sluice-" + volume + ".era";
    }

    long regions() {
        return (sizeBytes + regionBytes - 1) / regionBytes;
    }

    long skippedBytes() {
        return holes == null ? 0 : holes.regions() * regionBytes;
    }

    CloneRecord whenZeroed() {
        return with(true, holes, hydratingSince, writtenSetLostAt);
    }

    CloneRecord whenMarked(Holes found) {
        return with(zeroed, found, hydratingSince, writtenSetLostAt);
    }

    CloneRecord whenHydrating(long since) {
        return with(zeroed, holes, since, writtenSetLostAt);
    }

    CloneRecord whenWrittenSetLost(long at) {
        return with(zeroed, holes, hydratingSince, at);
    }

    private CloneRecord with(
            boolean headsZeroed, @Nullable Holes found, @Nullable Long hydrating, @Nullable Long lost) {
        return new CloneRecord(
                migration,
                epoch,
                volume,
                sizeBytes,
                blockBytes,
                regionBytes,
                group,
                destination,
                headsZeroed,
                found,
                hydrating,
                lost);
    }
}
