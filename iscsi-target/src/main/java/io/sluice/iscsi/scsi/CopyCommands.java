package io.sluice.iscsi.scsi;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** EXTENDED COPY (LID1) within the unit it is sent to, and RECEIVE COPY RESULTS (LID1) (SPC-4 §6.5, §6.22 and §6.25). */
final class CopyCommands {
    private static final int COPY_STATUS = 0;
    private static final int OPERATING_PARAMETERS = 3;

    private static final int COPY_ABORTED = 0xA;
    private static final int UNREACHABLE_COPY_TARGET = 0x0804;
    private static final int COPY_TARGET_NOT_REACHABLE = 0x0D02;
    private static final int NULL_DEVICE = 0x20;

    private static final int PIECE_BYTES = 1 << 20;
    static final int LARGEST_SEGMENT_BYTES = 32 << 20;
    private static final byte COMPLETED = 1;

    private CopyCommands() {}

    static ScsiResult copy(ScsiCommand.ExtendedCopy command, Unit unit, Nexus nexus, ByteBuffer dataOut) {
        if (command.parameterListLength() == 0) {
            return ScsiResult.good();
        }
        if (dataOut.remaining() < command.parameterListLength()) {
            return ScsiResult.check(Sense.illegalRequest(Sense.PARAMETER_LIST_LENGTH_ERROR));
        }
        ByteBuffer list = dataOut.slice(dataOut.position(), command.parameterListLength());
        return switch (CopyList.parse(list)) {
            case CopyList.Parsed.Wrong wrong -> ScsiResult.check(wrong.sense());
            case CopyList.Parsed.Whole whole -> {
                Sense refused = refusal(whole.list(), unit.definition());
                yield refused == null
                        ? copied(whole.list(), unit, nexus, command.parameterListLength())
                        : ScsiResult.check(refused);
            }
        };
    }

    /** All segments are checked before the first is copied; only the unit itself can be reached. */
    private static @Nullable Sense refusal(CopyList list, LogicalUnit unit) {
        for (ByteBuffer device : list.devices()) {
            if ((device.get(1) & NULL_DEVICE) != 0 || !InquiryPages.designates(unit, device)) {
                return aborted(COPY_TARGET_NOT_REACHABLE);
            }
        }
        for (CopyList.Segment segment : list.segments()) {
            if (segment.source() >= list.devices().size()
                    || segment.destination() >= list.devices().size()) {
                return aborted(UNREACHABLE_COPY_TARGET);
            }
            if ((long) segment.blocks() * unit.device().blockBytes() > LARGEST_SEGMENT_BYTES) {
                return Sense.illegalRequest(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
            }
            boolean inside = MediumCommands.refuseRange(segment.sourceLba(), segment.blocks(), unit) == null
                    && MediumCommands.refuseRange(segment.destinationLba(), segment.blocks(), unit) == null;
            if (!inside) {
                return aborted(COPY_TARGET_NOT_REACHABLE);
            }
        }
        return null;
    }

    private static ScsiResult copied(CopyList list, Unit unit, Nexus nexus, int listBytes) {
        BlockDevice device = unit.definition().device();
        long bytes = 0;
        try {
            for (CopyList.Segment segment : list.segments()) {
                bytes += copy(segment, device);
            }
        } catch (BlockDeviceException e) {
            return ScsiResult.ofFailure(e, Sense.WRITE_ERROR);
        }
        if (list.kept()) {
            nexus.remember(
                    unit.lun(),
                    new CopyOutcome(list.listIdentifier(), list.segments().size(), bytes));
        }
        return ScsiResult.goodAfter(listBytes);
    }

    /** From the end that the copy does not overwrite before it is read. */
    private static long copy(CopyList.Segment segment, BlockDevice device) {
        long from = segment.sourceLba() * device.blockBytes();
        long to = segment.destinationLba() * device.blockBytes();
        long length = (long) segment.blocks() * device.blockBytes();
        long pieces = (length + PIECE_BYTES - 1) / PIECE_BYTES;
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, length));
        for (long i = 0; i < pieces; i++) {
            long at = (to > from ? pieces - 1 - i : i) * PIECE_BYTES;
            piece.clear().limit((int) Math.min(PIECE_BYTES, length - at));
            device.read(from + at, piece);
            device.write(to + at, piece.flip());
        }
        return length;
    }

    static ScsiResult results(ScsiCommand.ReceiveCopyResults command, Unit unit, Nexus nexus) {
        return switch (command.serviceAction()) {
            case COPY_STATUS -> {
                CopyOutcome outcome = nexus.recall(unit.lun(), command.listIdentifier());
                yield outcome == null
                        ? ScsiResult.check(Sense.invalidField(2))
                        : ScsiResult.parameterData(status(outcome), command.allocationLength());
            }
            case OPERATING_PARAMETERS -> ScsiResult.parameterData(operatingParameters(), command.allocationLength());
            default -> ScsiResult.check(Sense.invalidField(1));
        };
    }

    /** SPC-4 §6.25, with the count in bytes, or in KiB where that is too many. */
    private static byte[] status(CopyOutcome outcome) {
        boolean fits = outcome.bytes() <= 0xFFFF_FFFFL;
        return ByteBuffer.allocate(12)
                .putInt(8)
                .put(COMPLETED)
                .putShort((short) outcome.segments())
                .put((byte) (fits ? 0 : 1))
                .putInt((int) (fits ? outcome.bytes() : outcome.bytes() >>> 10))
                .array();
    }

    /** SPC-4 §6.22: what {@link CopyList} takes. */
    private static byte[] operatingParameters() {
        ByteBuffer data = ByteBuffer.allocate(46);
        data.putInt(data.capacity() - 4);
        data.putShort(8, (short) CopyList.MAX_DEVICES).putShort(10, (short) CopyList.MAX_SEGMENTS);
        data.putInt(12, CopyList.MAX_DESCRIPTOR_BYTES).putInt(16, LARGEST_SEGMENT_BYTES);
        data.putShort(34, (short) 1).put(36, (byte) 1).put(37, (byte) 9); // one copy at a time; granularity 512 bytes
        data.put(43, (byte) 2).put(44, CopyList.BLOCK_TO_BLOCK).put(45, CopyList.IDENTIFICATION_DESCRIPTOR);
        return data.array();
    }

    private static Sense aborted(int code) {
        return new Sense(COPY_ABORTED, code, null, null);
    }
}
