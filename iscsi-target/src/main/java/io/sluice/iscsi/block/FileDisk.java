package io.sluice.iscsi.block;

import io.sluice.linux.LinuxCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A sparse file or a block device of this host as a disk. Holes come from lseek SEEK_DATA and SEEK_HOLE, space is given back by
 * fallocate PUNCH_HOLE; where the file system or device has neither, everything counts as allocated and unmapping writes zeros. A
 * thin volume's holes are not its own to tell: see {@link #allocatedBy} and {@link #discardsIn}.
 * Interrupting a calling thread does no harm. Holds two descriptors, both gone after {@link #close()}.
 */
public final class FileDisk implements BlockDevice {
    /** Zeros are written in pieces of this size where no hole can be punched: large enough to stream, small enough to keep. */
    private static final int ZEROS_BYTES = 1 << 20;

    private final Path file;
    private final int blockBytes;
    private final boolean readOnly;
    private final long sizeBytes;
    private final Descriptor descriptor;
    private final FileSpace space;
    private final UninterruptedFile content;
    /** Until the file system says that it can not: not all have reads that do not wait. */
    private volatile boolean readsCached = true;

    private FileDisk(Path file, int blockBytes, boolean readOnly, Descriptor descriptor) throws IOException {
        this.file = file;
        this.blockBytes = blockBytes;
        this.readOnly = readOnly;
        this.descriptor = descriptor;
        this.sizeBytes = descriptor.sizeBytes();
        checkGeometry();
        this.content = new UninterruptedFile(descriptor.path(), readOnly);
        this.space = new FileSpace(descriptor, sizeBytes, blockBytes, this::writeZeros);
    }

    /**
     * Opens an existing file or block device.
     *
     * @throws BlockDeviceException when it cannot be opened or its size is not a multiple of the block size
     */
    public static FileDisk open(Path file, int blockBytes, boolean readOnly) {
        Descriptor descriptor = Descriptor.open(file, readOnly);
        boolean opened = false;
        try {
            FileDisk disk = new FileDisk(file, blockBytes, readOnly, descriptor);
            opened = true;
            return disk;
        } catch (IOException e) {
            throw new BlockDeviceException("cannot open %s: %s".formatted(file, e.getMessage()), false, e);
        } finally {
            if (!opened) {
                descriptor.close();
            }
        }
    }

    /**
     * Makes a sparse file of exactly this size that its owner alone may read, and puts it on stable storage. A file that is there
     * already is never touched.
     *
     * @throws BlockDeviceException when the file exists or cannot be made
     */
    public static void create(Path file, long sizeBytes) {
        DeviceRange.checkGeometry(sizeBytes, 512);
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)
                    .close();
            try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
                made.setLength(sizeBytes);
                made.getFD().sync();
            }
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                try (FileChannel entry = FileChannel.open(directory, StandardOpenOption.READ)) {
                    entry.force(true);
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw new BlockDeviceException("cannot create %s: it exists; it was left alone".formatted(file), false, e);
        } catch (IOException e) {
            throw new BlockDeviceException(
                    "cannot create %s of %d bytes: %s".formatted(file, sizeBytes, e.getMessage()), false, e);
        }
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public boolean readOnly() {
        return readOnly;
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        DeviceRange.check(this, offset, into.remaining());
        int start = into.position();
        onContent("read", offset, into.remaining(), channel -> {
            into.position(start);
            for (long at = offset; into.hasRemaining(); ) {
                int count = channel.read(into, at);
                if (count < 0) {
                    throw new IOException("the file ends at byte " + at + ": it was cut while in use");
                }
                at += count;
            }
        });
    }

    /** From the page cache, by preadv2(2) with RWF_NOWAIT; ext4, xfs and block devices have it, tmpfs has not. */
    @Override
    public boolean readNow(long offset, ByteBuffer into) {
        DeviceRange.check(this, offset, into.remaining());
        if (!readsCached || !into.isDirect()) {
            return false;
        }
        long count = descriptor.readCached(offset, into);
        readsCached = count >= 0 || count == -LinuxCalls.EAGAIN;
        if (count != into.remaining()) {
            return false;
        }
        into.position(into.limit());
        return true;
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        checkWritable("write", offset, from.remaining());
        int start = from.position();
        int length = from.remaining();
        try {
            onContent("write", offset, length, channel -> {
                from.position(start);
                for (long at = offset; from.hasRemaining(); ) {
                    at += channel.write(from, at);
                }
            });
        } catch (BlockDeviceException e) {
            // why a write failed is told by the JDK in words alone: the system is asked for the room itself
            throw descriptor.lacksRoom(offset, length)
                    ? new OutOfSpaceException(e.getMessage() + ": make room below " + file + ", then it goes on", e)
                    : e;
        }
    }

    @Override
    public void flush() {
        if (readOnly) {
            return; // nothing of ours can be unwritten
        }
        onContent("flush", 0, 0, channel -> channel.force(false));
    }

    /**
     * Forgets what this host has cached of the disk, after putting it on stable storage: what is read next comes from there. For
     * content that was changed below the cache, as through another device that maps the same storage.
     */
    public void forgetCached() {
        onContent("flush", 0, 0, channel -> channel.force(false));
        long result = descriptor.dropCached();
        if (result < 0) {
            throw new BlockDeviceException(
                    "cannot drop what is cached of %s (errno %d)".formatted(file, -result), true);
        }
    }

    /** From now on this is what {@link #extentAt} tells; for a disk that does not change any more, as one opened read-only. */
    public void allocatedBy(AllocationMap map) {
        if (!readOnly) {
            throw new IllegalStateException(file + " may change, so that no map of it stays true");
        }
        space.allocatedBy(map);
    }

    /**
     * Lets {@link #unmap} discard whole pieces of {@code bytes} of a block device. For devices of which it is known that they
     * read as zeros then: thin volumes, by their pool's chunks.
     */
    public void discardsIn(int bytes) {
        space.discardsIn(bytes);
    }

    @Override
    public void unmap(long offset, long lengthBytes) {
        checkWritable("unmap", offset, lengthBytes);
        if (lengthBytes != 0) {
            space.unmap(offset, lengthBytes);
        }
    }

    @Override
    public Extent extentAt(long offset) {
        DeviceRange.checkStart(this, offset);
        return space.extentAt(offset);
    }

    @Override
    public void close() {
        try {
            content.close();
        } catch (IOException e) {
            throw new BlockDeviceException("cannot close %s: %s".formatted(file, e.getMessage()), false, e);
        } finally {
            descriptor.close();
        }
    }

    @Override
    public String toString() {
        return "FileDisk[" + file + "]";
    }

    private void writeZeros(long offset, long lengthBytes) {
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(ZEROS_BYTES, lengthBytes));
        for (long done = 0; done < lengthBytes; ) {
            int piece = (int) Math.min(zeros.capacity(), lengthBytes - done);
            write(offset + done, zeros.clear().limit(piece));
            done += piece;
        }
    }

    private void onContent(String action, long offset, long lengthBytes, UninterruptedFile.Operation operation) {
        try {
            content.run(operation);
        } catch (IOException e) {
            throw new BlockDeviceException(
                    "cannot %s %s at byte %d, %d bytes: %s"
                            .formatted(action, file, offset, lengthBytes, e.getMessage()),
                    false,
                    e);
        }
    }

    private void checkWritable(String action, long offset, long lengthBytes) {
        DeviceRange.check(this, offset, lengthBytes);
        if (readOnly) {
            throw new BlockDeviceException("cannot %s %s: it was opened read-only".formatted(action, file), false);
        }
    }

    private void checkGeometry() throws IOException {
        try {
            DeviceRange.checkGeometry(sizeBytes, blockBytes);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage() + "; use a file or device of such a size", e);
        }
        int sector = descriptor.sectorBytes();
        if (sector > blockBytes) {
            throw new IOException("its sectors have %d bytes: serve it with that block size".formatted(sector));
        }
    }
}
