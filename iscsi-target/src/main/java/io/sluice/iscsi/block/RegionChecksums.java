package io.sluice.iscsi.block;

/** What a disk of final content can tell of it region by region: the CRC32C of each. The last region may be shorter. */
public interface RegionChecksums {
    int regionBytes();

    long regions();

    /** Whether the region's sum is at hand, so that asking for it reads nothing. */
    boolean known(long region);

    /** As the region was given out, or else as it is read now. Blocks as the disk does. */
    int checksum(long region);
}
