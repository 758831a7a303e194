package io.sluice.iscsi.scsi;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** VERIFY and WRITE AND VERIFY: what the disk holds, compared with what the initiator sent (SBC-3 §5.29 to §5.31, §5.37 to §5.39). */
final class VerifyCommands {
    private static final int BUFFER_BYTES = 1 << 20;

    private VerifyCommands() {}

    static ScsiResult verify(ScsiCommand.Verify command, LogicalUnit unit, ByteBuffer dataOut) {
        ScsiResult refused = MediumCommands.refuseTransfer(command.lba(), command.blocks(), unit);
        if (refused != null) {
            return refused;
        }
        int blockBytes = unit.device().blockBytes();
        long length = command.blocks() * blockBytes;
        long wanted = switch (command.check()) {
            case MEDIUM -> 0;
            case DATA_OUT -> length;
            case ONE_BLOCK -> length == 0 ? 0 : blockBytes;
        };
        if (dataOut.remaining() < wanted) {
            return ScsiResult.check(
                    Sense.illegalRequest(Sense.INVALID_FIELD_IN_CDB)); // nothing is claimed of what did not come
        }
        ByteBuffer expected = command.check() == ScsiCommand.ByteCheck.MEDIUM
                ? null
                : dataOut.slice(dataOut.position(), (int) wanted);
        try {
            long mismatch = mismatch(unit.device(), command.lba() * blockBytes, length, expected);
            return mismatch < 0 ? ScsiResult.goodAfter(wanted) : ScsiResult.check(Sense.miscompare(mismatch));
        } catch (BlockDeviceException e) {
            return ScsiResult.ofReadFailure(e);
        }
    }

    /** Written, put on the medium, read back and compared, whatever BYTCHK asks: it costs no more here. */
    static ScsiResult writeAndVerify(ScsiCommand.WriteAndVerify command, LogicalUnit unit, ByteBuffer dataOut) {
        ScsiResult written =
                MediumCommands.write(new ScsiCommand.Write(command.lba(), command.blocks(), true), unit, dataOut);
        if (written.status() != ScsiStatus.GOOD) {
            return written;
        }
        int blockBytes = unit.device().blockBytes();
        int came = (int) Math.min(command.blocks() * blockBytes, dataOut.remaining());
        ByteBuffer content = dataOut.slice(dataOut.position(), came - came % blockBytes);
        try {
            long mismatch = mismatch(unit.device(), command.lba() * blockBytes, content.remaining(), content);
            return mismatch < 0 ? written : ScsiResult.check(Sense.miscompare(mismatch));
        } catch (BlockDeviceException e) {
            return ScsiResult.ofReadFailure(e);
        }
    }

    /**
     * Reads a range and says where it differs first, as an offset into what was expected; below 0 when it does not.
     *
     * @param expected repeats when it is shorter than the range; null expects nothing but that it can be read
     */
    private static long mismatch(BlockDevice device, long start, long length, @Nullable ByteBuffer expected) {
        int step = (int) Math.min(length, expected == null ? BUFFER_BYTES : Math.min(BUFFER_BYTES, expected.limit()));
        ByteBuffer found = ByteBuffer.allocate(step);
        for (long done = 0; done < length; done += found.limit()) {
            found.clear().limit((int) Math.min(step, length - done));
            device.read(start + done, found);
            if (expected != null) {
                int at = (int) (done % expected.limit());
                int differs = found.flip().mismatch(expected.slice(at, found.limit()));
                if (differs >= 0) {
                    return (long) at + differs;
                }
            }
        }
        return -1;
    }
}
