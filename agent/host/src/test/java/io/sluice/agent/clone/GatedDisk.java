package io.sluice.agent.clone;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.Extent;
import java.nio.ByteBuffer;

/** A local disk at which a test may stop or fail writes and flushes. */
final class GatedDisk implements BlockDevice {
    private final BlockDevice disk;
    private volatile Hook beforeWrite = offset -> {};
    private volatile Runnable beforeFlush = () -> {};

    GatedDisk(BlockDevice disk) {
        this.disk = disk;
    }

    void beforeWrite(Hook hook) {
        beforeWrite = hook;
    }

    void beforeFlush(Runnable hook) {
        beforeFlush = hook;
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
        return false;
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        disk.read(offset, into);
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        beforeWrite.at(offset);
        disk.write(offset, from);
    }

    @Override
    public void flush() {
        beforeFlush.run();
        disk.flush();
    }

    @Override
    public void unmap(long offset, long lengthBytes) {
        beforeWrite.at(offset);
        disk.unmap(offset, lengthBytes);
    }

    @Override
    public Extent extentAt(long offset) {
        return disk.extentAt(offset);
    }

    @Override
    public void close() {
        disk.close();
    }

    interface Hook {
        void at(long offset);
    }
}
