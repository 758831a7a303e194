package io.sluice.iscsi.scsi;

import io.sluice.iscsi.block.BlockDevice;
import java.nio.ByteBuffer;

/** What a command returns to the initiator: bytes at hand, or a piece of the disk to be read as it is sent. */
public sealed interface ScsiData {
    ScsiData NONE = new Bytes(ByteBuffer.allocate(0));

    long length();

    /**
     * Fills {@code into} from byte {@code offset} of this data on. Blocks for disk content.
     *
     * @param offset and the length of {@code into} are multiples of the disk's block size, or of 512 for {@link Bytes}
     * @throws io.sluice.iscsi.block.BlockDeviceException see {@link ScsiResult#ofReadFailure}
     */
    void read(long offset, ByteBuffer into);

    /** As {@link #read}, but never waits; false where that takes waiting, see {@link BlockDevice#readNow}. */
    boolean readNow(long offset, ByteBuffer into);

    record Bytes(ByteBuffer content) implements ScsiData {
        @Override
        public long length() {
            return content.remaining();
        }

        @Override
        public void read(long offset, ByteBuffer into) {
            into.put(content.slice(content.position() + Math.toIntExact(offset), into.remaining()));
        }

        @Override
        public boolean readNow(long offset, ByteBuffer into) {
            read(offset, into);
            return true;
        }
    }

    record DiskContent(BlockDevice device, long deviceOffset, long length) implements ScsiData {
        @Override
        public void read(long offset, ByteBuffer into) {
            device.read(deviceOffset + offset, into);
        }

        @Override
        public boolean readNow(long offset, ByteBuffer into) {
            return device.readNow(deviceOffset + offset, into);
        }
    }
}
