package io.sluice.iscsi.exerciser;

/** Repeatable pseudo-random numbers: the same on every run and machine, and fast enough to fill disks with. */
final class Scatter {
    private Scatter() {}

    /** A well mixed, non-zero state from any number (the finaliser of SplitMix64). */
    static long mix(long seed) {
        long z = seed + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return z == 0 ? 1 : z;
    }

    /** The state after this one (xorshift64); never 0. */
    static long next(long state) {
        long x = state ^ (state << 13);
        x ^= x >>> 7;
        return x ^ (x << 17);
    }
}
