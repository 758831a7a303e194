package io.sluice.agent.testing;

import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.reconcile.Standing;
import io.sluice.agent.reconcile.VolumeState;

/** One copy of a volume: blocks that hold numbers, 0 where never written, and its durable standing. */
public final class FakeVolume {
    /** Bytes a block stands for; also the region size of fake clones. */
    public static final int BLOCK_BYTES = 4096;

    private final VolumeId volume;
    private final PoolName pool;
    private final long[] blocks;
    private Standing standing;

    FakeVolume(VolumeId volume, PoolName pool, int blocks, Standing standing) {
        this.volume = volume;
        this.pool = pool;
        this.blocks = new long[blocks];
        this.standing = standing;
    }

    public VolumeId volume() {
        return volume;
    }

    public Standing standing() {
        return standing;
    }

    void become(Standing next) {
        standing = next;
    }

    public int blocks() {
        return blocks.length;
    }

    public long read(int block) {
        return blocks[block];
    }

    void write(int block, long content) {
        if (!writable()) {
            throw new IllegalStateException("volume " + volume + " is " + standing.role() + " and must not be written");
        }
        blocks[block] = content;
    }

    long sizeBytes() {
        return (long) blocks.length * BLOCK_BYTES;
    }

    boolean writable() {
        return standing.role() == VolumeRole.OWNED || standing.role() == VolumeRole.INCOMING;
    }

    VolumeState state() {
        long allocated = 0;
        for (long content : blocks) {
            allocated += content == 0 ? 0 : BLOCK_BYTES;
        }
        return new VolumeState(volume, pool, sizeBytes(), 512, allocated, writable(), standing);
    }

    PoolName pool() {
        return pool;
    }
}
