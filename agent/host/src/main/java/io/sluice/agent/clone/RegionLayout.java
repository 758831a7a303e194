package io.sluice.agent.clone;

/** How a volume is cut into regions of a power of two; the last one may be shorter. */
record RegionLayout(long sizeBytes, int regionBytes) {
    static final int SMALLEST = 64 << 10;
    static final int LARGEST = 1 << 20;

    /** Above this many regions the default region size doubles: keeps a map of at most about 1 MiB up to 64 GiB. */
    private static final long AIM = 65_536;

    RegionLayout {
        if (sizeBytes <= 0 || Integer.bitCount(regionBytes) != 1 || sizeBytes / regionBytes >= Integer.MAX_VALUE) {
            throw new IllegalArgumentException("no layout of " + sizeBytes + " bytes in regions of " + regionBytes
                    + ": regions are a power of two and fewer than 2^31");
        }
    }

    /** 64 KiB up to 4 GiB, then doubling with the volume's size, 1 MiB from 64 GiB (and for all larger ones). */
    static int defaultRegionBytes(long sizeBytes) {
        int bytes = SMALLEST;
        while (bytes < LARGEST && sizeBytes / bytes > AIM) {
            bytes <<= 1;
        }
        return bytes;
    }

    int regions() {
        return (int) ((sizeBytes + regionBytes - 1) / regionBytes);
    }

    int regionOf(long offset) {
        return (int) (offset / regionBytes);
    }

    long start(int region) {
        return (long) region * regionBytes;
    }

    long end(int region) {
        return Math.min(sizeBytes, start(region) + regionBytes);
    }

    int length(int region) {
        return (int) (end(region) - start(region));
    }

    /** Whether the range {@code from} to {@code to} holds all of the region. */
    boolean covers(long from, long to, int region) {
        return from <= start(region) && to >= end(region);
    }
}
