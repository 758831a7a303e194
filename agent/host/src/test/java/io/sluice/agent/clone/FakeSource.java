package io.sluice.agent.clone;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.Extent;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** An immutable source in memory; a test may stop, delay or fail each read of it. Whoever writes to it fails. */
final class FakeSource implements BlockDevice {
    final byte[] content;
    final AtomicLong bytesRead = new AtomicLong();
    final AtomicLong asked = new AtomicLong();
    private final int blockBytes;
    private volatile ReadHook hook = (offset, length) -> {};

    FakeSource(byte[] content, int blockBytes) {
        this.content = content;
        this.blockBytes = blockBytes;
    }

    /** Random bytes, no block of them zero. */
    static FakeSource random(int sizeBytes, int blockBytes, long seed) {
        byte[] content = new byte[sizeBytes];
        new Random(seed).nextBytes(content);
        for (int at = 0; at < sizeBytes; at += blockBytes) {
            content[at] = 1;
        }
        return new FakeSource(content, blockBytes);
    }

    /** Zeros the range, which makes it a hole. */
    FakeSource hole(int from, int to) {
        java.util.Arrays.fill(content, from, to, (byte) 0);
        return this;
    }

    /** Called before each read, on the reader's thread. */
    void beforeRead(ReadHook newHook) {
        hook = newHook;
    }

    static BlockDeviceException gone() {
        return new BlockDeviceException("the source does not answer", true);
    }

    @Override
    public long sizeBytes() {
        return content.length;
    }

    @Override
    public int blockBytes() {
        return blockBytes;
    }

    @Override
    public boolean readOnly() {
        return true;
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        asked.incrementAndGet();
        hook.read(offset, into.remaining());
        bytesRead.addAndGet(into.remaining());
        into.put(content, (int) offset, into.remaining());
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        throw new AssertionError("a write reached the source");
    }

    @Override
    public void flush() {
        throw new AssertionError("a flush reached the source");
    }

    @Override
    public void unmap(long offset, long lengthBytes) {
        throw new AssertionError("an unmap reached the source");
    }

    @Override
    public Extent extentAt(long offset) {
        hook.read(offset, 0);
        int at = (int) offset;
        boolean allocated = allocated(at);
        while (at < content.length && allocated(at) == allocated) {
            at += blockBytes;
        }
        return new Extent(offset, at - offset, allocated);
    }

    @Override
    public void close() {}

    private boolean allocated(int at) {
        for (int i = at; i < at + blockBytes; i++) {
            if (content[i] != 0) {
                return true;
            }
        }
        return false;
    }

    interface ReadHook {
        void read(long offset, int length);
    }
}
