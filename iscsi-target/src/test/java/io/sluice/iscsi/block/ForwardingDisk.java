package io.sluice.iscsi.block;

import java.nio.ByteBuffer;

/** Hands everything on to another disk. */
public class ForwardingDisk implements BlockDevice {
    private final BlockDevice disk;

    protected ForwardingDisk(BlockDevice disk) {
        this.disk = disk;
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
        return disk.readOnly();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        disk.read(offset, into);
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        disk.write(offset, from);
    }

    @Override
    public void flush() {
        disk.flush();
    }

    @Override
    public void unmap(long offset, long lengthBytes) {
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
}
