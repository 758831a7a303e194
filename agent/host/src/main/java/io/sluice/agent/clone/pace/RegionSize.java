package io.sluice.agent.clone.pace;

import org.jspecify.annotations.Nullable;

/**
 * Into what pieces dm-clone cuts a volume. A write to a region that is not local first fetches all of it, so small ones keep the
 * guest's latency low; each costs the kernel memory and the metadata a bit, so large volumes get larger ones.
 */
public final class RegionSize {
    /** The unit in which exports remember what they gave out: smaller regions could not be verified. */
    public static final int SMALLEST_BYTES = 64 << 10;

    /** A fetch of 1 MiB takes 10 ms at 100 MB/s: longer would be felt. */
    private static final int LARGEST_CHOSEN_BYTES = 1 << 20;

    /** The largest that dm-clone takes, of which there is no need. */
    private static final int LARGEST_BYTES = 1 << 30;

    /** Up to 16 GiB stay at the smallest. */
    private static final long AIM_REGIONS = 1L << 18;

    /** At 0.375 bytes of kernel memory each: 24 MiB. */
    private static final long MOST_REGIONS = 1L << 26;

    private static final long METADATA_BLOCK_BYTES = 4096;
    private static final long REGIONS_PER_BITMAP_BLOCK = 32_576;
    private static final long OTHER_METADATA_BLOCKS = 24;
    private static final long LEAST_METADATA_BYTES = 1L << 20;

    private RegionSize() {}

    /**
     * The region size of a volume.
     *
     * @param asked by policy; null chooses
     * @throws IllegalArgumentException what was asked for cannot be had; the message says what can
     */
    public static int choose(long sizeBytes, @Nullable Integer asked) {
        if (asked != null) {
            boolean usable = Integer.bitCount(asked) == 1 && asked >= SMALLEST_BYTES && asked <= LARGEST_BYTES;
            if (!usable || regions(sizeBytes, asked) > MOST_REGIONS) {
                throw new IllegalArgumentException("regions of " + asked + " bytes for a volume of " + sizeBytes
                        + ": use a power of two from " + SMALLEST_BYTES + " that makes at most " + MOST_REGIONS
                        + " regions");
            }
            return asked;
        }
        int chosen = SMALLEST_BYTES;
        while ((chosen < LARGEST_CHOSEN_BYTES && regions(sizeBytes, chosen) > AIM_REGIONS)
                || regions(sizeBytes, chosen) > MOST_REGIONS) {
            chosen <<= 1;
        }
        return chosen;
    }

    public static long regions(long sizeBytes, long regionBytes) {
        return (sizeBytes + regionBytes - 1) / regionBytes;
    }

    /** Room for dm-clone's metadata, twice over (persistent data is written beside what it replaces), at least 1 MiB. */
    public static long cloneMetadataBytes(long sizeBytes, int regionBytes) {
        long bitmaps = RegionSize.regions(RegionSize.regions(sizeBytes, regionBytes), REGIONS_PER_BITMAP_BLOCK);
        return Math.max(LEAST_METADATA_BYTES, 2 * METADATA_BLOCK_BYTES * (bitmaps + OTHER_METADATA_BLOCKS));
    }

    /**
     * Room for dm-era's metadata: four bytes for each region in its array of eras, a bitset for each era that is being digested,
     * all of it twice over, and a metadata snapshot beside it; at least 4 MiB.
     */
    public static long eraMetadataBytes(long sizeBytes, int regionBytes) {
        long array = regions(sizeBytes, regionBytes) * 4;
        return Math.max(4 * LEAST_METADATA_BYTES, 4 * array + LEAST_METADATA_BYTES);
    }
}
