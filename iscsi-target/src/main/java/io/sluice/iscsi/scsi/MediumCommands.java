package io.sluice.iscsi.scsi;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reading, writing, verifying and flushing (SBC-3 §5). */
final class MediumCommands {
    private static final int DEFECT_LIST_FORMAT_MASK = 0x07;
    private static final int DEFECT_LISTS_MASK = 0x18;

    private MediumCommands() {}

    static long blocks(LogicalUnit unit) {
        return unit.device().sizeBytes() / unit.device().blockBytes();
    }

    static ScsiResult read(ScsiCommand.Read command, LogicalUnit unit) {
        ScsiResult refused = refuseTransfer(command.lba(), command.blocks(), unit);
        if (refused != null) {
            return refused;
        }
        BlockDevice device = unit.device();
        try {
            if (command.forceUnitAccess()) {
                device.flush(); // what is read is then on stable storage, as FUA asks
            }
        } catch (BlockDeviceException e) {
            return ScsiResult.ofReadFailure(e);
        }
        int blockBytes = device.blockBytes();
        return ScsiResult.good(
                new ScsiData.DiskContent(device, command.lba() * blockBytes, command.blocks() * blockBytes));
    }

    static ScsiResult write(ScsiCommand.Write command, LogicalUnit unit, ByteBuffer dataOut) {
        ScsiResult refused = refuseTransfer(command.lba(), command.blocks(), unit);
        if (refused != null) {
            return refused;
        }
        BlockDevice device = unit.device();
        int blockBytes = device.blockBytes();
        long wanted = command.blocks() * blockBytes;
        int came = (int) Math.min(wanted, dataOut.remaining());
        ByteBuffer content = dataOut.slice(dataOut.position(), came - came % blockBytes);
        try {
            if (content.hasRemaining()) {
                device.write(command.lba() * blockBytes, content);
            }
            if (command.forceUnitAccess()) {
                device.flush();
            }
        } catch (BlockDeviceException e) {
            return ScsiResult.ofFailure(e, Sense.WRITE_ERROR);
        }
        return ScsiResult.goodAfter(wanted);
    }

    /** Flushes the whole disk whatever the range: more than was asked for is allowed, and one flush costs the same. */
    static ScsiResult synchronize(ScsiCommand.SynchronizeCache command, LogicalUnit unit) {
        ScsiResult refused = refuseRange(command.lba(), command.blocks(), unit);
        if (refused != null) {
            return refused;
        }
        try {
            unit.device().flush();
        } catch (BlockDeviceException e) {
            return ScsiResult.ofFailure(e, Sense.WRITE_ERROR);
        }
        return ScsiResult.good();
    }

    /** Nothing is fetched: what is read soon is in the host's cache or is not, and GOOD claims neither (SBC-3 §5.8). */
    static ScsiResult prefetch(ScsiCommand.Prefetch command, LogicalUnit unit) {
        ScsiResult refused = refuseRange(command.lba(), command.blocks(), unit);
        return refused == null ? ScsiResult.good() : refused;
    }

    /** Both lists are empty: what lies below hides its defects (SBC-3 §5.17). */
    static ScsiResult defects(ScsiCommand.ReadDefectData command) {
        byte[] header = new byte[command.cdbBytes() == 10 ? 4 : 8];
        header[1] = (byte) (command.format() & (DEFECT_LISTS_MASK | DEFECT_LIST_FORMAT_MASK));
        return ScsiResult.parameterData(header, command.allocationLength());
    }

    static ScsiResult writeProtected() {
        return ScsiResult.check(new Sense(Sense.DATA_PROTECT, Sense.WRITE_PROTECTED, null, null));
    }

    static @Nullable ScsiResult refuseRange(long lba, long blocks, LogicalUnit unit) {
        long capacity = blocks(unit);
        boolean inside = lba >= 0 && lba <= capacity && blocks <= capacity - lba;
        return inside ? null : ScsiResult.check(Sense.lbaOutOfRange(lba));
    }

    static @Nullable ScsiResult refuseTransfer(long lba, long blocks, LogicalUnit unit) {
        if (blocks > BlockLimits.served(unit.device().blockBytes()).maxTransfer()) {
            return ScsiResult.check(Sense.illegalRequest(Sense.INVALID_FIELD_IN_CDB));
        }
        return refuseRange(lba, blocks, unit);
    }
}
