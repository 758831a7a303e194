package io.sluice.iscsi.block;

import io.sluice.linux.LinuxCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntToLongFunction;

/**
 * An open file or block device by its number, for the system calls that the JDK does not offer. On a number that was closed they
 * could hit a stranger's file: they hold the read lock, {@link #close()} the write lock. Results below 0 are negated errnos.
 */
final class Descriptor implements AutoCloseable {
    private static final int FILE_TYPE_MASK = 0xF000;
    private static final int FILE_TYPE_BLOCK_DEVICE = 0x6000;
    private static final int FILE_TYPE_REGULAR = 0x8000;

    private final Path file;
    private final boolean blockDevice;
    private final int number;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean closed;

    private Descriptor(Path file, boolean blockDevice, int number) {
        this.file = file;
        this.blockDevice = blockDevice;
        this.number = number;
    }

    static Descriptor open(Path file, boolean readOnly) {
        boolean blockDevice = isBlockDevice(file);
        int flags = LinuxCalls.O_CLOEXEC | (readOnly ? LinuxCalls.O_RDONLY : LinuxCalls.O_RDWR);
        int number = LinuxCalls.open(file.toString(), flags);
        if (number < 0) {
            throw new BlockDeviceException(
                    "cannot open %s for %s (errno %d): check that it is there and who may use it"
                            .formatted(file, readOnly ? "reading" : "writing", -number),
                    false);
        }
        return new Descriptor(file, blockDevice, number);
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

    boolean ofBlockDevice() {
        return blockDevice;
    }

    /** Names the same file for as long as this is open, whatever becomes of its name. */
    Path path() {
        return Path.of("/proc/self/fd/" + number);
    }

    long sizeBytes() throws IOException {
        if (!blockDevice) {
            return Files.size(file);
        }
        long size = LinuxCalls.blockDeviceSize(number);
        if (size < 0) {
            throw new IOException("ioctl BLKGETSIZE64 on %s failed with errno %d".formatted(file, -size));
        }
        return size;
    }

    /** 0 of a file. */
    int sectorBytes() {
        return blockDevice ? LinuxCalls.blockDeviceSectorBytes(number) : 0;
    }

    /** Does not wait, as its caller must not: while somebody closes it is as if nothing were cached. */
    long readCached(long offset, ByteBuffer into) {
        if (!lock.readLock().tryLock()) {
            return -LinuxCalls.EAGAIN;
        }
        try {
            requireOpen();
            return LinuxCalls.readCached(number, offset, into);
        } finally {
            lock.readLock().unlock();
        }
    }

    long dropCached() {
        return call(fd -> blockDevice ? LinuxCalls.flushBuffers(fd) : LinuxCalls.dropCached(fd));
    }

    long discard(long offset, long lengthBytes) {
        return call(fd -> LinuxCalls.discard(fd, offset, lengthBytes));
    }

    /** By a hole, or by the device itself; neither may be possible. */
    long zero(long offset, long lengthBytes) {
        return call(fd -> {
            int result = LinuxCalls.punchHole(fd, offset, lengthBytes);
            return result != 0 && blockDevice ? LinuxCalls.zeroOut(fd, offset, lengthBytes) : result;
        });
    }

    /** Where data begin, or a hole does, from the offset on; see lseek(2). */
    long seek(long offset, int whence) {
        return call(fd -> LinuxCalls.seek(fd, offset, whence));
    }

    /** Whether the file system has no room for the range; false where there is none to ask. */
    boolean lacksRoom(long offset, long lengthBytes) {
        lock.readLock().lock();
        try {
            int result = closed || blockDevice ? 0 : LinuxCalls.allocate(number, offset, lengthBytes);
            return result == -LinuxCalls.ENOSPC || result == -LinuxCalls.EDQUOT;
        } finally {
            lock.readLock().unlock();
        }
    }

    private long call(IntToLongFunction system) {
        lock.readLock().lock();
        try {
            requireOpen();
            return system.applyAsLong(number);
        } finally {
            lock.readLock().unlock();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new BlockDeviceException(file + " is closed", false);
        }
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                LinuxCalls.close(number);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
