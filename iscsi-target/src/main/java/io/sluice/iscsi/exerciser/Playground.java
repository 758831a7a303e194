package io.sluice.iscsi.exerciser;

/** The blocks that the exerciser writes to: the first MiB of every eight, so that most of the disk stays as it was. */
final class Playground {
    private static final long WINDOW_BLOCKS = (1 << 20) / NumberedBlock.BYTES;
    private static final long PERIOD_BLOCKS = 8 * WINDOW_BLOCKS;

    private final long diskBlocks;

    Playground(long diskBytes) {
        this.diskBlocks = diskBytes / NumberedBlock.BYTES;
        if (diskBlocks == 0) {
            throw new IllegalArgumentException("a disk of " + diskBytes + " bytes is too small to exercise");
        }
    }

    /** How many blocks there are to write to. */
    long size() {
        long rest = Math.min(diskBlocks % PERIOD_BLOCKS, WINDOW_BLOCKS);
        return diskBlocks / PERIOD_BLOCKS * WINDOW_BLOCKS + rest;
    }

    /** The block of this index, from 0 to {@link #size()}. */
    long block(long index) {
        return index / WINDOW_BLOCKS * PERIOD_BLOCKS + index % WINDOW_BLOCKS;
    }
}
