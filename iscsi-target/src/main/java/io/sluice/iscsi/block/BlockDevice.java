package io.sluice.iscsi.block;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A random-access disk of exact size. Calls block and are safe from many threads at once; overlapping calls have no order
 * between them. Offsets and lengths are bytes, multiples of {@link #blockBytes()}, and lie within {@link #sizeBytes()}.
 * Failures are {@link BlockDeviceException}.
 */
public interface BlockDevice extends AutoCloseable {

    /** Exact size in bytes, a multiple of {@link #blockBytes()}; does not change while the device is open. */
    long sizeBytes();

    /** Logical block size in bytes: 512 or 4096. */
    int blockBytes();

    boolean readOnly();

    /** Fills {@code into} from its position to its limit with what lies at {@code offset}. */
    void read(long offset, ByteBuffer into);

    /**
     * Reads as {@link #read} does if that takes no waiting, for a disk or for anyone else: an event loop may call it. False where
     * it would, or might: {@code into} then holds nothing of use between its position, which has not moved, and its limit.
     */
    default boolean readNow(long offset, ByteBuffer into) {
        DeviceRange.check(this, offset, into.remaining());
        return false;
    }

    /** Writes {@code from}, position to limit, at {@code offset}; durable only after the next {@link #flush()}. */
    void write(long offset, ByteBuffer from);

    /** Returns when every write that had returned before this call began is on stable storage. */
    void flush();

    /** Gives the range's space back where the device can; afterwards it reads as zeros, whatever the device can. */
    void unmap(long offset, long lengthBytes);

    /**
     * The run of equal allocation that begins at {@code offset}, at least one block long. A device that cannot tell answers
     * that all of the rest is allocated.
     */
    Extent extentAt(long offset);

    /** Null where nothing is known of the content, or it may still change. */
    default @Nullable RegionChecksums checksums() {
        return null;
    }

    @Override
    void close();
}
