package io.sluice.iscsi.netty;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.Extent;
import io.sluice.iscsi.block.MemoryDisk;
import java.nio.ByteBuffer;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A disk in memory whose reads and writes wait at a gate while it is shut; reads of what is cached never do. */
final class GatedDisk implements BlockDevice {

    private static final int OPEN = 1 << 20;

    private final MemoryDisk memory;
    private final Semaphore gate = new Semaphore(OPEN);
    private final AtomicInteger entered = new AtomicInteger();
    private volatile boolean cached;

    GatedDisk(long sizeBytes) {
        memory = new MemoryDisk(sizeBytes, RawInitiator.BLOCK);
    }

    void shut() {
        gate.drainPermits();
    }

    void open() {
        gate.release(OPEN);
    }

    /** Reads and writes that came so far, waiting ones included. */
    int entered() {
        return entered.get();
    }

    /** Whether all of it can be read without waiting. */
    void cached(boolean now) {
        cached = now;
    }

    byte[] content(long offset, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        memory.read(offset, bytes);
        return bytes.array();
    }

    private void pass() {
        entered.incrementAndGet();
        gate.acquireUninterruptibly();
        gate.release();
    }

    @Override
    public long sizeBytes() {
        return memory.sizeBytes();
    }

    @Override
    public int blockBytes() {
        return memory.blockBytes();
    }

    @Override
    public boolean readOnly() {
        return memory.readOnly();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        pass();
        memory.read(offset, into);
    }

    @Override
    public boolean readNow(long offset, ByteBuffer into) {
        if (!cached) {
            into.duplicate().put((byte) 'x'); // what a read that gives up half way leaves
            return false;
        }
        memory.read(offset, into);
        return true;
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        pass();
        memory.write(offset, from);
    }

    @Override
    public void flush() {
        memory.flush();
    }

    @Override
    public void unmap(long offset, long lengthBytes) {
        memory.unmap(offset, lengthBytes);
    }

    @Override
    public Extent extentAt(long offset) {
        return memory.extentAt(offset);
    }

    @Override
    public void close() {
        memory.close();
    }
}
