package io.sluice.iscsi.block;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/** A disk in memory: for tests, and for trying the target out. Blocks never written, or unmapped, take no space. */
public final class MemoryDisk implements BlockDevice {
    private final long sizeBytes;
    private final int blockBytes;
    private final byte[] @Nullable [] blocks;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private volatile boolean closed;

    public MemoryDisk(long sizeBytes, int blockBytes) {
        DeviceRange.checkGeometry(sizeBytes, blockBytes);
        this.sizeBytes = sizeBytes;
        this.blockBytes = blockBytes;
        this.blocks = new byte[Math.toIntExact(sizeBytes / blockBytes)][];
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
        return false;
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        check(offset, into.remaining());
        lock.readLock().lock();
        try {
            copy(offset, into);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public boolean readNow(long offset, ByteBuffer into) {
        check(offset, into.remaining());
        if (!lock.readLock().tryLock()) {
            return false;
        }
        try {
            copy(offset, into);
            return true;
        } finally {
            lock.readLock().unlock();
        }
    }

    private void copy(long offset, ByteBuffer into) {
        for (int index = index(offset); into.hasRemaining(); index++) {
            byte[] block = blocks[index];
            into.put(block == null ? new byte[blockBytes] : block);
        }
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        check(offset, from.remaining());
        lock.writeLock().lock();
        try {
            for (int index = index(offset); from.hasRemaining(); index++) {
                byte[] block = new byte[blockBytes];
                from.get(block);
                blocks[index] = block;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public void flush() {
        check(0, 0);
    }

    @Override
    public void unmap(long offset, long lengthBytes) {
        check(offset, lengthBytes);
        lock.writeLock().lock();
        try {
            for (int index = index(offset); index < index(offset + lengthBytes); index++) {
                blocks[index] = null;
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    public Extent extentAt(long offset) {
        check(offset, blockBytes);
        lock.readLock().lock();
        try {
            int first = index(offset);
            boolean allocated = blocks[first] != null;
            int end = first + 1;
            while (end < blocks.length && (blocks[end] != null) == allocated) {
                end++;
            }
            return new Extent(offset, (long) (end - first) * blockBytes, allocated);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    private int index(long offset) {
        return Math.toIntExact(offset / blockBytes);
    }

    private void check(long offset, long lengthBytes) {
        if (closed) {
            throw new BlockDeviceException("memory disk is closed", false);
        }
        DeviceRange.check(this, offset, lengthBytes);
    }
}
