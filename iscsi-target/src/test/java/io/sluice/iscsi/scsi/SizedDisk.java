package io.sluice.iscsi.scsi;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.Extent;
import java.nio.ByteBuffer;

/** A disk of any size without content: everything else fails. */
class SizedDisk implements BlockDevice {
    private final long sizeBytes;

    SizedDisk(long sizeBytes) {
        this.sizeBytes = sizeBytes;
    }

    BlockDeviceException trouble() {
        return new BlockDeviceException("no content here", false);
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int blockBytes() {
        return 512;
    }

    @Override
    public boolean readOnly() {
        return false;
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        throw trouble();
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        throw trouble();
    }

    @Override
    public void flush() {
        throw trouble();
    }

    @Override
    public void unmap(long offset, long lengthBytes) {
        throw trouble();
    }

    @Override
    public Extent extentAt(long offset) {
        throw trouble();
    }

    @Override
    public void close() {}
}
