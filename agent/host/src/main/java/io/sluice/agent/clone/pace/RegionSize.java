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
     * @param asked by policy; null, or one that would make too many regions of this volume, chooses
     */
    public static int choose(long sizeBytes, @Nullable Integer asked) {
        if (asked != null && usable(asked) && regions(sizeBytes, asked) <= MOST_REGIONS) {
            return asked;
        }
        int chosen = SMALLEST_BYTES;
        while ((chosen < LARGEST_CHOSEN_BYTES && regions(sizeBytes, chosen) > AIM_REGIONS)
                || regions(sizeBytes, chosen) > MOST_REGIONS) {
            chosen <<= 1;
        }
        return chosen;
    }

    /** Whether dm-clone takes regions of that size, and they can be verified. */
    public static boolean usable(int regionBytes) {
        return Integer.bitCount(regionBytes) == 1 && regionBytes >= SMALLEST_BYTES && regionBytes <= LARGEST_BYTES;
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
