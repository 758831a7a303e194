package io.sluice.agent.clone;

import io.sluice.iscsi.block.BlockDevice;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.zip.CRC32C;

/**
 * Copies one region from the source to the local disk. While it fetches, only memory changes; so an overwrite may take the
 * region over at any moment, and what was fetched is then dropped. The local disk is touched in state STORING alone, in which
 * nobody else touches the region.
 */
final class RegionCopier {
    /** Zeros to compare with; a multiple of every block size. */
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(64 << 10).asReadOnlyBuffer();

    private final RegionLayout layout;
    private final RegionMap map;
    private final SourceReader source;
    private final BlockDevice local;
    private final Stop stop;

    /** Shared by those who store; taken alone by {@link #end}. */
    private final ReentrantReadWriteLock storing = new ReentrantReadWriteLock();

    RegionCopier(RegionLayout layout, RegionMap map, SourceReader source, BlockDevice local, Stop stop) {
        this.layout = layout;
        this.map = map;
        this.source = source;
        this.local = local;
        this.stop = stop;
    }

    /** True when this call made the region local; false when it is, or somebody else is at work on it. */
    boolean copy(int region, ByteBuffer scratch) {
        if (!map.moves(region, RegionEvent.COPY_WANTED)) {
            return false;
        }
        ByteBuffer bytes = scratch.clear().limit(layout.length(region)).slice();
        boolean fetched = false;
        try {
            fetched = source.read(
                    layout.start(region), bytes.duplicate(), () -> map.state(region) == RegionState.FETCHING);
        } finally {
            if (!fetched) {
                map.apply(region, RegionEvent.FETCH_FAILED);
            }
        }
        return fetched && store(region, bytes);
    }

    /** Keeps a region whose bytes were just read from the source anyway, unless somebody is at work on it. */
    boolean keep(int region, ByteBuffer bytes) {
        return map.moves(region, RegionEvent.COPY_WANTED) && store(region, bytes);
    }

    /** Stops the device; when it returns no copy touches the local disk any more, or ever will. */
    void end() {
        storing.writeLock().lock();
        try {
            stop.stop();
        } finally {
            storing.writeLock().unlock();
        }
    }

    private boolean store(int region, ByteBuffer bytes) {
        storing.readLock().lock();
        try {
            stop.check();
            return map.moves(region, RegionEvent.FETCHED) && storeFetched(region, bytes);
        } finally {
            storing.readLock().unlock();
        }
    }

    private boolean storeFetched(int region, ByteBuffer bytes) {
        boolean stored = false;
        try {
            if (zero(bytes)) {
                local.unmap(layout.start(region), bytes.remaining());
            } else {
                local.write(layout.start(region), bytes.duplicate());
            }
            stored = true;
        } finally {
            if (!stored) {
                map.apply(region, RegionEvent.STORE_FAILED);
            }
        }
        map.stored(region, checksum(bytes));
        return true;
    }

    static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    private static boolean zero(ByteBuffer bytes) {
        ByteBuffer rest = bytes.duplicate();
        while (rest.hasRemaining()) {
            int length = Math.min(rest.remaining(), ZEROS.capacity());
            if (rest.slice(rest.position(), length).mismatch(ZEROS.slice(0, length)) >= 0) {
                return false;
            }
            rest.position(rest.position() + length);
        }
        return true;
    }
}
