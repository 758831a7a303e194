package io.sluice.iscsi.block;

import io.sluice.linux.LinuxCalls;
import org.jspecify.annotations.Nullable;

/** What of an open file or block device is allocated, and giving it back. Ranges were checked by the caller. */
final class FileSpace {
    /** Writes zeros where nothing else makes them. */
    interface Zeros {
        void write(long offset, long lengthBytes);
    }

    private final Descriptor descriptor;
    private final long sizeBytes;
    private final int blockBytes;
    private final Zeros zeros;
    /** Discarding whole pieces of this size leaves zeros; 0 where that is not promised. */
    private volatile int discardBytes;
    /** Where it is not the file system that knows. */
    private volatile @Nullable AllocationMap allocation;

    FileSpace(Descriptor descriptor, long sizeBytes, int blockBytes, Zeros zeros) {
        this.descriptor = descriptor;
        this.sizeBytes = sizeBytes;
        this.blockBytes = blockBytes;
        this.zeros = zeros;
    }

    void allocatedBy(AllocationMap map) {
        allocation = map;
    }

    void discardsIn(int bytes) {
        discardBytes = descriptor.ofBlockDevice() ? bytes : 0;
    }

    /** BLKDISCARD alone does not promise zeros afterwards, fallocate and BLKZEROOUT do: it is for {@link #discardsIn}. */
    void unmap(long offset, long lengthBytes) {
        int piece = discardBytes;
        long from = piece == 0 ? 0 : (offset + piece - 1) / piece * piece;
        long to = piece == 0 ? 0 : (offset + lengthBytes) / piece * piece;
        if (from < to && descriptor.discard(from, to - from) == 0) {
            zero(offset, from - offset);
            zero(to, offset + lengthBytes - to);
        } else {
            zero(offset, lengthBytes);
        }
    }

    private void zero(long offset, long lengthBytes) {
        if (lengthBytes != 0 && descriptor.zero(offset, lengthBytes) != 0) {
            zeros.write(offset, lengthBytes);
        }
    }

    Extent extentAt(long offset) {
        AllocationMap known = allocation;
        if (known != null) {
            return known.extentAt(offset, sizeBytes);
        }
        long data = descriptor.seek(offset, LinuxCalls.SEEK_DATA);
        if (data == -LinuxCalls.ENXIO) {
            return new Extent(offset, sizeBytes - offset, false);
        }
        if (data < 0) {
            return new Extent(offset, sizeBytes - offset, true); // cannot tell
        }
        long holeEnd = Math.min(data - data % blockBytes, sizeBytes);
        if (holeEnd > offset) {
            return new Extent(offset, holeEnd - offset, false);
        }
        long hole = descriptor.seek(offset, LinuxCalls.SEEK_HOLE);
        long dataEnd = hole < 0 ? sizeBytes : Math.min(roundUp(hole), sizeBytes);
        return new Extent(offset, Math.max(dataEnd - offset, blockBytes), true);
    }

    private long roundUp(long offset) {
        return (offset + blockBytes - 1) / blockBytes * blockBytes;
    }
}
