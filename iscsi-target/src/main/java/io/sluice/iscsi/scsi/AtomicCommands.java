package io.sluice.iscsi.scsi;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.ByteBuffer;

/** COMPARE AND WRITE and ORWRITE (SBC-3 §5.2 and §5.5). To be run while no other write is on the disk. */
final class AtomicCommands {
    private AtomicCommands() {}

    static ScsiResult compareAndWrite(ScsiCommand.CompareAndWrite command, LogicalUnit unit, ByteBuffer dataOut) {
        if (command.blocks() > BlockLimits.MAX_COMPARE_AND_WRITE) {
            return ScsiResult.check(Sense.invalidField(13));
        }
        ScsiResult refused = MediumCommands.refuseRange(command.lba(), command.blocks(), unit);
        if (refused != null) {
            return refused;
        }
        BlockDevice device = unit.device();
        int half = (int) command.blocks() * device.blockBytes();
        if (dataOut.remaining() != 2 * half) {
            return ScsiResult.check(Sense.invalidField(13));
        }
        long offset = command.lba() * device.blockBytes();
        try {
            ByteBuffer found = ByteBuffer.allocate(half);
            device.read(offset, found);
            int differs = found.flip().mismatch(dataOut.slice(dataOut.position(), half));
            if (differs >= 0) {
                return ScsiResult.check(Sense.miscompare(differs));
            }
        } catch (BlockDeviceException e) {
            return ScsiResult.ofReadFailure(e);
        }
        return written(
                device, offset, dataOut.slice(dataOut.position() + half, half), command.forceUnitAccess(), 2L * half);
    }

    static ScsiResult orWrite(ScsiCommand.OrWrite command, LogicalUnit unit, ByteBuffer dataOut) {
        ScsiResult refused = MediumCommands.refuseTransfer(command.lba(), command.blocks(), unit);
        if (refused != null) {
            return refused;
        }
        BlockDevice device = unit.device();
        long wanted = command.blocks() * device.blockBytes();
        int came = (int) Math.min(wanted, dataOut.remaining());
        int whole = came - came % device.blockBytes();
        long offset = command.lba() * device.blockBytes();
        ByteBuffer content = ByteBuffer.allocate(whole);
        try {
            device.read(offset, content);
        } catch (BlockDeviceException e) {
            return ScsiResult.ofReadFailure(e);
        }
        for (int i = 0; i < whole; i++) {
            content.put(i, (byte) (content.get(i) | dataOut.get(dataOut.position() + i)));
        }
        return written(device, offset, content.flip(), command.forceUnitAccess(), wanted);
    }

    private static ScsiResult written(
            BlockDevice device, long offset, ByteBuffer content, boolean forceUnitAccess, long transferBytes) {
        try {
            if (content.hasRemaining()) {
                device.write(offset, content);
            }
            if (forceUnitAccess) {
                device.flush();
            }
        } catch (BlockDeviceException e) {
            return ScsiResult.ofFailure(e, Sense.WRITE_ERROR);
        }
        return ScsiResult.goodAfter(transferBytes);
    }
}
