package io.sluice.iscsi.block;

import io.sluice.linux.LinuxCalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A sparse file or a block device of this host as a disk. Holes come from lseek SEEK_DATA and SEEK_HOLE, space is given back by
 * fallocate PUNCH_HOLE; where the file system or device has neither, everything counts as allocated and unmapping writes zeros. A
 * thin volume's holes are not its own to tell: see {@link #allocatedBy} and {@link #discardsIn}.
 * Interrupting a calling thread does no harm. Holds two descriptors, both gone after {@link #close()}.
 */
public final class FileDisk implements BlockDevice {
    /** Zeros are written in pieces of this size where no hole can be punched: large enough to stream, small enough to keep. */
    private static final int ZEROS_BYTES = 1 << 20;

    private static final int FILE_TYPE_MASK = 0xF000;
    private static final int FILE_TYPE_BLOCK_DEVICE = 0x6000;
    private static final int FILE_TYPE_REGULAR = 0x8000;

    private final Path file;
    private final int blockBytes;
    private final boolean readOnly;
    private final boolean blockDevice;
    private final long sizeBytes;
    private final int fd;
    private final UninterruptedFile content;
    // Native calls on a closed descriptor could hit a stranger's file: they hold the read lock, close() the write lock.
    private final ReentrantReadWriteLock descriptor = new ReentrantReadWriteLock();
    private boolean closed;
    /** Discarding whole pieces of this size leaves zeros; 0 where that is not promised. */
    private volatile int discardBytes;
    /** Where it is not the file system that knows. */
    private volatile @Nullable AllocationMap allocation;
    /** Until the file system says that it can not: not all have reads that do not wait. */
    private volatile boolean readsCached = true;

    private FileDisk(Path file, int blockBytes, boolean readOnly, boolean blockDevice, int fd) throws IOException {
        this.file = file;
        this.blockBytes = blockBytes;
        this.readOnly = readOnly;
        this.blockDevice = blockDevice;
        this.fd = fd;
        this.sizeBytes = blockDevice ? blockDeviceSize(file, fd) : Files.size(file);
        checkGeometry();
        this.content = new UninterruptedFile(Path.of("/proc/self/fd/" + fd), readOnly);
    }

    /**
     * Opens an existing file or block device.
     *
     * @throws BlockDeviceException when it cannot be opened or its size is not a multiple of the block size
     */
    public static FileDisk open(Path file, int blockBytes, boolean readOnly) {
        boolean blockDevice = isBlockDevice(file);
        int flags = LinuxCalls.O_CLOEXEC | (readOnly ? LinuxCalls.O_RDONLY : LinuxCalls.O_RDWR);
        int fd = LinuxCalls.open(file.toString(), flags);
        if (fd < 0) {
            throw new BlockDeviceException(
                    "cannot open %s for %s (errno %d): check that it is there and who may use it"
                            .formatted(file, readOnly ? "reading" : "writing", -fd),
                    false);
        }
        boolean opened = false;
        try {
            FileDisk disk = new FileDisk(file, blockBytes, readOnly, blockDevice, fd);
            opened = true;
            return disk;
        } catch (IOException e) {
            throw new BlockDeviceException("cannot open %s: %s".formatted(file, e.getMessage()), false, e);
        } finally {
            if (!opened) {
                LinuxCalls.close(fd);
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
        if (!readsCached || !into.isDirect() || !descriptor.readLock().tryLock()) {
            return false;
        }
        try {
            requireOpen();
            long count = LinuxCalls.readCached(fd, offset, into);
            readsCached = count >= 0 || count == -LinuxCalls.EAGAIN;
            if (count != into.remaining()) {
                return false;
            }
            into.position(into.limit());
            return true;
        } finally {
            descriptor.readLock().unlock();
        }
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
            throw lacksRoom(offset, length)
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
        descriptor.readLock().lock();
        try {
            requireOpen();
            int result = blockDevice ? LinuxCalls.flushBuffers(fd) : LinuxCalls.dropCached(fd);
            if (result < 0) {
                throw new BlockDeviceException(
                        "cannot drop what is cached of %s (errno %d)".formatted(file, -result), true);
            }
        } finally {
            descriptor.readLock().unlock();
        }
    }

    /** From now on this is what {@link #extentAt} tells; for a disk that does not change any more, as one opened read-only. */
    public void allocatedBy(AllocationMap map) {
        if (!readOnly) {
            throw new IllegalStateException(file + " may change, so that no map of it stays true");
        }
        allocation = map;
    }

    /**
     * Lets {@link #unmap} discard whole pieces of {@code bytes} of a block device. For devices of which it is known that they
     * read as zeros then: thin volumes, by their pool's chunks.
     */
    public void discardsIn(int bytes) {
        discardBytes = blockDevice ? bytes : 0;
    }

    /** BLKDISCARD alone does not promise zeros afterwards, fallocate and BLKZEROOUT do: it is for {@link #discardsIn}. */
    @Override
    public void unmap(long offset, long lengthBytes) {
        checkWritable("unmap", offset, lengthBytes);
        if (lengthBytes == 0) {
            return;
        }
        int piece = discardBytes;
        long from = piece == 0 ? 0 : (offset + piece - 1) / piece * piece;
        long to = piece == 0 ? 0 : (offset + lengthBytes) / piece * piece;
        if (from < to && discard(from, to - from)) {
            zero(offset, from - offset);
            zero(to, offset + lengthBytes - to);
        } else {
            zero(offset, lengthBytes);
        }
    }

    private boolean discard(long offset, long lengthBytes) {
        descriptor.readLock().lock();
        try {
            requireOpen();
            return LinuxCalls.discard(fd, offset, lengthBytes) == 0;
        } finally {
            descriptor.readLock().unlock();
        }
    }

    private void zero(long offset, long lengthBytes) {
        if (lengthBytes == 0) {
            return;
        }
        descriptor.readLock().lock();
        try {
            requireOpen();
            if (LinuxCalls.punchHole(fd, offset, lengthBytes) == 0
                    || (blockDevice && LinuxCalls.zeroOut(fd, offset, lengthBytes) == 0)) {
                return;
            }
        } finally {
            descriptor.readLock().unlock();
        }
        writeZeros(offset, lengthBytes);
    }

    @Override
    public Extent extentAt(long offset) {
        DeviceRange.checkStart(this, offset);
        AllocationMap known = allocation;
        if (known != null) {
            return known.extentAt(offset, sizeBytes);
        }
        descriptor.readLock().lock();
        try {
            requireOpen();
            long data = LinuxCalls.seek(fd, offset, LinuxCalls.SEEK_DATA);
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
            long hole = LinuxCalls.seek(fd, offset, LinuxCalls.SEEK_HOLE);
            long dataEnd = hole < 0 ? sizeBytes : Math.min(roundUp(hole), sizeBytes);
            return new Extent(offset, Math.max(dataEnd - offset, blockBytes), true);
        } finally {
            descriptor.readLock().unlock();
        }
    }

    @Override
    public void close() {
        descriptor.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            content.close();
            LinuxCalls.close(fd);
        } catch (IOException e) {
            throw new BlockDeviceException("cannot close %s: %s".formatted(file, e.getMessage()), false, e);
        } finally {
            descriptor.writeLock().unlock();
        }
    }

    @Override
    public String toString() {
        return "FileDisk[" + file + "]";
    }

    /** Why a write failed is told by the JDK in words alone: the system is asked for the room itself. */
    private boolean lacksRoom(long offset, long lengthBytes) {
        descriptor.readLock().lock();
        try {
            int result = closed || blockDevice ? 0 : LinuxCalls.allocate(fd, offset, lengthBytes);
            return result == -LinuxCalls.ENOSPC || result == -LinuxCalls.EDQUOT;
        } finally {
            descriptor.readLock().unlock();
        }
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

    private void requireOpen() {
        if (closed) {
            throw new BlockDeviceException(file + " is closed", false);
        }
    }

    private long roundUp(long offset) {
        return (offset + blockBytes - 1) / blockBytes * blockBytes;
    }

    private void checkGeometry() throws IOException {
        try {
            DeviceRange.checkGeometry(sizeBytes, blockBytes);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage() + "; use a file or device of such a size", e);
        }
        int sector = blockDevice ? LinuxCalls.blockDeviceSectorBytes(fd) : 0;
        if (sector > blockBytes) {
            throw new IOException("its sectors have %d bytes: serve it with that block size".formatted(sector));
        }
    }

    private static long blockDeviceSize(Path file, int fd) throws IOException {
        long size = LinuxCalls.blockDeviceSize(fd);
        if (size < 0) {
            throw new IOException("ioctl BLKGETSIZE64 on %s failed with errno %d".formatted(file, -size));
        }
        return size;
    }

    private static boolean isBlockDevice(Path file) {
        try {
            int type = (Integer) Files.getAttribute(file, "unix:mode") & FILE_TYPE_MASK;
            if (type != FILE_TYPE_REGULAR && type != FILE_TYPE_BLOCK_DEVICE) {
                throw new BlockDeviceException(file + " is neither a regular file nor a block device", false);
            }
            return type == FILE_TYPE_BLOCK_DEVICE;
        } catch (IOException e) {
            throw new BlockDeviceException(
                    "cannot look at %s: %s: check that it is there".formatted(file, e), false, e);
        }
    }
}
