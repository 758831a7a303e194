package io.sluice.iscsi.exerciser;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.Extent;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;

/** A disk that forgets every tenth write. */
record LossyDisk(BlockDevice disk, AtomicLong writes) implements BlockDevice {
    LossyDisk(BlockDevice disk) {
        this(disk, new AtomicLong());
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
        if (writes.incrementAndGet() % 10 != 0) {
            disk.write(offset, from);
        }
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
