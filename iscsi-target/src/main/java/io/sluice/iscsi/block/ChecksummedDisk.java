package io.sluice.iscsi.block;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A disk that remembers the CRC32C of each region it has given out, so that it can be told later what the other side must have
 * received. Holds for content that does not change any more: {@link #restart} says from when on. Writing is refused. Does not own
 * the disk below.
 */
public final class ChecksummedDisk implements BlockDevice, RegionChecksums {

    /** Sums are kept in pieces of this many regions, made when first needed: most of a sparse disk is never read. */
    private static final int PIECE = 4096;

    /** Above the 32 bits of a sum, so that a sum of 0 differs from none. */
    private static final long KNOWN = 1L << 32;

    private final BlockDevice disk;
    private final int regionBytes;
    private volatile AtomicReferenceArray<AtomicLongArray> sums;
    private volatile boolean contentFinal;
    private final LongAdder reads = new LongAdder();

    /** @param regionBytes a multiple of the disk's blocks */
    public ChecksummedDisk(BlockDevice disk, int regionBytes) {
        if (regionBytes <= 0 || regionBytes % disk.blockBytes() != 0) {
            throw new IllegalArgumentException(
                    "regions of %d bytes are no multiple of blocks of %d".formatted(regionBytes, disk.blockBytes()));
        }
        this.disk = disk;
        this.regionBytes = regionBytes;
        this.sums = empty();
    }

    /** Regions on this disk; the last may be shorter. */
    @Override
    public long regions() {
        return (disk.sizeBytes() + regionBytes - 1) / regionBytes;
    }

    @Override
    public int regionBytes() {
        return regionBytes;
    }

    /** The content is final from now on: forgets all sums, also of reads that are under way. */
    public void restart() {
        sums = empty();
        contentFinal = true;
    }

    /** Null until {@link #restart} has been called: before, content could still change. */
    @Override
    public @Nullable RegionChecksums checksums() {
        return contentFinal ? this : null;
    }

    @Override
    public boolean known(long region) {
        return given(region) != null;
    }

    /** The CRC32C of a region as it was given out whole; null if it was not, since the last {@link #restart}. */
    public @Nullable Integer given(long region) {
        AtomicLongArray piece = sums.get(Math.toIntExact(region / PIECE));
        long sum = piece == null ? 0 : piece.get((int) (region % PIECE));
        return sum == 0 ? null : (int) sum;
    }

    /** The CRC32C of a region: as given out, or else of what is read now. */
    @Override
    public int checksum(long region) {
        Integer given = given(region);
        if (given != null) {
            return given;
        }
        ByteBuffer content = ByteBuffer.allocate(length(region));
        disk.read(region * regionBytes, content);
        return sum(content.flip());
    }

    /**
     * Makes one sum known that is not, of content that is allocated: the next from a region on.
     *
     * @return where to go on; -1 when there is none left, or the content is not final
     */
    public long sumNext(long fromRegion) {
        AtomicReferenceArray<AtomicLongArray> current = sums;
        long region = contentFinal ? fromRegion : regions();
        while (region < regions()) {
            Extent extent = disk.extentAt(region * regionBytes);
            long until = (extent.end() + regionBytes - 1) / regionBytes;
            if (!extent.allocated() && extent.end() / regionBytes > region) {
                region = extent.end() / regionBytes;
                continue;
            }
            for (; region < until; region++) {
                if (!known(region)) {
                    ByteBuffer content = ByteBuffer.allocate(length(region));
                    disk.read(region * regionBytes, content);
                    remember(current, region * regionBytes, content.flip());
                    return region + 1;
                }
            }
        }
        return -1;
    }

    /** Reads that were asked of it, ever. */
    public long reads() {
        return reads.sum();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        reads.increment();
        AtomicReferenceArray<AtomicLongArray> current = sums;
        ByteBuffer content = into.slice();
        disk.read(offset, into);
        remember(current, offset, content);
    }

    @Override
    public boolean readNow(long offset, ByteBuffer into) {
        reads.increment();
        AtomicReferenceArray<AtomicLongArray> current = sums;
        ByteBuffer content = into.slice();
        if (!disk.readNow(offset, into)) {
            return false;
        }
        remember(current, offset, content);
        return true;
    }

    private void remember(AtomicReferenceArray<AtomicLongArray> current, long offset, ByteBuffer content) {
        long region = (offset + regionBytes - 1) / regionBytes;
        for (long at = region * regionBytes - offset; region < regions(); at += regionBytes, region++) {
            int length = length(region);
            if (at + length > content.limit()) {
                return;
            }
            AtomicLongArray piece = piece(current, Math.toIntExact(region / PIECE));
            int index = (int) (region % PIECE);
            if (piece.get(index) == 0) {
                piece.set(index, KNOWN | Integer.toUnsignedLong(sum(content.slice((int) at, length))));
            }
        }
    }

    private static AtomicLongArray piece(AtomicReferenceArray<AtomicLongArray> of, int index) {
        AtomicLongArray piece = of.get(index);
        if (piece != null) {
            return piece;
        }
        AtomicLongArray fresh = new AtomicLongArray(PIECE);
        return of.compareAndSet(index, null, fresh) ? fresh : of.get(index);
    }

    private int length(long region) {
        return (int) Math.min(regionBytes, disk.sizeBytes() - region * regionBytes);
    }

    private AtomicReferenceArray<AtomicLongArray> empty() {
        return new AtomicReferenceArray<>(Math.toIntExact((regions() + PIECE - 1) / PIECE));
    }

    private static int sum(ByteBuffer content) {
        CRC32C crc = new CRC32C();
        crc.update(content);
        return (int) crc.getValue();
    }

    @Override
    public long sizeBytes() {
        return disk.sizeBytes();
    }

    @Override
    public int blockBytes() {
        return disk.blockBytes();
    }

    @Override
    public boolean readOnly() {
        return true;
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        throw refused();
    }

    @Override
    public void flush() {
        disk.flush();
    }

    @Override
    public void unmap(long offset, long lengthBytes) {
        throw refused();
    }

    private BlockDeviceException refused() {
        return new BlockDeviceException("cannot write to " + disk + ": its content is final", false);
    }

    @Override
    public Extent extentAt(long offset) {
        return disk.extentAt(offset);
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return disk.toString();
    }
}
