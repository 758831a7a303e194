package io.sluice.agent.clone.kernel;

import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.linux.LinuxCalls;
import java.nio.file.Path;

/**
 * BLKDISCARD on a block device (blkdiscard(8) would read its signatures first, thus the source's). Nothing is done in its place
 * where the device refuses: to dm-clone a discard says that a region needs no copy, zeros would be written.
 */
final class BlockDiscards implements Media.Discarding {
    private final Path device;
    private final int descriptor;

    BlockDiscards(Path device) {
        this.device = device;
        this.descriptor = checked(LinuxCalls.open(device.toString(), LinuxCalls.O_RDWR | LinuxCalls.O_CLOEXEC), "open");
    }

    @Override
    public void discard(long offset, long lengthBytes) {
        checked(LinuxCalls.discard(descriptor, offset, lengthBytes), "discard a range of");
    }

    @Override
    public void flush() {
        checked(LinuxCalls.sync(descriptor), "flush");
    }

    @Override
    public void close() {
        checked(LinuxCalls.close(descriptor), "close");
    }

    private int checked(int result, String action) {
        if (result < 0) {
            throw new BlockDeviceException("cannot " + action + " " + device + ": errno " + -result, true);
        }
        return result;
    }
}
