package io.sluice.iscsi.pdu;

import static io.sluice.iscsi.pdu.Opcodes.AT_CDB;
import static io.sluice.iscsi.pdu.Opcodes.AT_FLAGS;
import static io.sluice.iscsi.pdu.Opcodes.AT_LUN;
import static io.sluice.iscsi.pdu.Opcodes.AT_NUMBERS;
import static io.sluice.iscsi.pdu.Opcodes.AT_TASK_TAG;
import static io.sluice.iscsi.pdu.Opcodes.AT_TRANSFER_TAG;
import static io.sluice.iscsi.pdu.Opcodes.CDB_BYTES;
import static io.sluice.iscsi.pdu.Opcodes.FIRST_FLAG;
import static io.sluice.iscsi.pdu.Opcodes.IMMEDIATE;
import static io.sluice.iscsi.pdu.Opcodes.SECOND_FLAG;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Writes the basic header segment of each PDU, but for the lengths, into a zeroed buffer (RFC 7143 §11.3 to §11.19). */
final class HeaderWriter {

    /** A stage that there is not (RFC 7143 §11.12.3). */
    private static final int RESERVED_STAGE = 2;

    private final ByteBuffer header;

    private HeaderWriter(ByteBuffer header) {
        this.header = header;
    }

    static void write(Pdu pdu, ByteBuffer header) {
        HeaderWriter writer = new HeaderWriter(header);
        switch (pdu) {
            case InitiatorPdu request -> writer.request(request);
            case TargetPdu response -> writer.response(response);
            case UnknownPdu unknown ->
                header.put(0, unknown.header(), unknown.header().position(), AT_CDB + CDB_BYTES);
        }
    }

    private void request(InitiatorPdu request) {
        switch (request) {
            case NopOut pdu -> {
                start(Opcodes.NOP_OUT, pdu.immediate(), FIRST_FLAG, pdu.taskTag());
                header.putLong(AT_LUN, pdu.lun()).putInt(AT_TRANSFER_TAG, pdu.transferTag());
                numbers(pdu.numbers());
            }
            case CommandRequest pdu -> command(pdu);
            case TaskRequest pdu -> {
                start(Opcodes.TASK_REQUEST, pdu.immediate(), FIRST_FLAG | pdu.function(), pdu.taskTag());
                header.putLong(AT_LUN, pdu.lun()).putInt(AT_TRANSFER_TAG, pdu.referencedTag());
                numbers(pdu.numbers());
                header.putInt(32, pdu.refCmdSn()).putInt(36, pdu.expDataSn());
            }
            case LoginRequest pdu -> {
                start(Opcodes.LOGIN_REQUEST, true, flags(pdu.flags()), pdu.taskTag());
                header.put(2, (byte) pdu.versionMax()).put(3, (byte) pdu.versionMin());
                header.putLong(AT_LUN, session(pdu.isid(), pdu.tsih())).putShort(20, (short) pdu.connectionId());
                numbers(pdu.numbers());
            }
            case TextRequest pdu -> {
                start(Opcodes.TEXT_REQUEST, pdu.immediate(), flags(pdu.last(), pdu.continues()), pdu.taskTag());
                header.putLong(AT_LUN, pdu.lun()).putInt(AT_TRANSFER_TAG, pdu.transferTag());
                numbers(pdu.numbers());
            }
            case DataOut pdu -> {
                start(Opcodes.DATA_OUT, false, flags(pdu.last(), false), pdu.taskTag());
                header.putLong(AT_LUN, pdu.lun()).putInt(AT_TRANSFER_TAG, pdu.transferTag());
                header.putInt(28, pdu.expStatSn()).putInt(36, pdu.dataSn()).putInt(40, (int) pdu.bufferOffset());
            }
            case LogoutRequest pdu -> {
                start(Opcodes.LOGOUT_REQUEST, pdu.immediate(), FIRST_FLAG | pdu.reason(), pdu.taskTag());
                header.putShort(20, (short) pdu.connectionId());
                numbers(pdu.numbers());
            }
            case SnackRequest pdu -> {
                start(Opcodes.SNACK_REQUEST, false, FIRST_FLAG | pdu.type(), pdu.taskTag());
                header.putLong(AT_LUN, pdu.lun()).putInt(AT_TRANSFER_TAG, pdu.transferTag());
                header.putInt(28, pdu.expStatSn()).putInt(40, pdu.beginRun()).putInt(44, pdu.runLength());
            }
        }
    }

    private void command(CommandRequest pdu) {
        CommandFlags flags = pdu.flags();
        int bits = flags(flags.last(), flags.read()) | (flags.write() ? 0x20 : 0) | flags.attribute();
        start(Opcodes.COMMAND_REQUEST, flags.immediate(), bits, pdu.taskTag());
        header.putLong(AT_LUN, pdu.lun()).putInt(20, (int) pdu.expectedLength());
        numbers(pdu.numbers());
        ByteBuffer cdb = pdu.cdb();
        header.put(AT_CDB, cdb, cdb.position(), Math.min(cdb.remaining(), CDB_BYTES));
    }

    private void response(TargetPdu response) {
        ResponseNumbers numbers = response.numbers();
        header.putInt(AT_TASK_TAG, response.taskTag());
        header.putInt(AT_NUMBERS, numbers.statSn())
                .putInt(28, numbers.expCmdSn())
                .putInt(32, numbers.maxCmdSn());
        switch (response) {
            case NopIn pdu -> {
                first(Opcodes.NOP_IN, FIRST_FLAG);
                header.putLong(AT_LUN, pdu.lun()).putInt(AT_TRANSFER_TAG, pdu.transferTag());
            }
            case CommandResponse pdu -> {
                first(Opcodes.COMMAND_RESPONSE, FIRST_FLAG | flags(pdu.residual()));
                header.put(2, (byte) pdu.response()).put(3, (byte) pdu.status());
                header.putInt(36, pdu.expDataSn())
                        .putInt(44, (int) pdu.residual().bytes());
            }
            case TaskResponse pdu -> {
                first(Opcodes.TASK_RESPONSE, FIRST_FLAG);
                header.put(2, (byte) pdu.response());
            }
            case LoginResponse pdu -> {
                first(Opcodes.LOGIN_RESPONSE, flags(pdu.flags()));
                header.put(2, (byte) pdu.versionMax()).put(3, (byte) pdu.versionActive());
                header.putLong(AT_LUN, session(pdu.isid(), pdu.tsih()));
                header.put(36, (byte) pdu.status().statusClass())
                        .put(37, (byte) pdu.status().detail());
            }
            case TextResponse pdu -> {
                first(Opcodes.TEXT_RESPONSE, flags(pdu.last(), pdu.continues()));
                header.putLong(AT_LUN, pdu.lun()).putInt(AT_TRANSFER_TAG, pdu.transferTag());
            }
            case DataIn pdu -> dataIn(pdu);
            case LogoutResponse pdu -> {
                first(Opcodes.LOGOUT_RESPONSE, FIRST_FLAG);
                header.put(2, (byte) pdu.response());
                header.putShort(40, (short) pdu.time2WaitSeconds()).putShort(42, (short) pdu.time2RetainSeconds());
            }
            case ReadyToTransfer pdu -> {
                first(Opcodes.READY_TO_TRANSFER, FIRST_FLAG);
                header.putLong(AT_LUN, pdu.lun()).putInt(AT_TRANSFER_TAG, pdu.transferTag());
                header.putInt(36, pdu.r2tSn());
                header.putInt(40, (int) pdu.bufferOffset()).putInt(44, (int) pdu.desiredLength());
            }
            case AsyncMessage pdu -> {
                first(Opcodes.ASYNC_MESSAGE, FIRST_FLAG);
                header.putLong(AT_LUN, pdu.lun()).put(36, (byte) pdu.event());
                header.putShort(38, (short) pdu.parameter1()).putShort(40, (short) pdu.parameter2());
                header.putShort(42, (short) pdu.parameter3());
            }
            case Reject pdu -> {
                first(Opcodes.REJECT, FIRST_FLAG);
                header.put(2, (byte) pdu.reason()).putInt(36, pdu.dataSn());
            }
        }
    }

    private void dataIn(DataIn pdu) {
        DataIn.Ending ending = pdu.ending();
        int flags = flags(pdu.last(), pdu.acknowledge());
        if (ending != null) {
            flags |= flags(ending.residual()) | 0x01;
            header.put(3, (byte) ending.status())
                    .putInt(44, (int) ending.residual().bytes());
        }
        first(Opcodes.DATA_IN, flags);
        header.putLong(AT_LUN, pdu.lun()).putInt(AT_TRANSFER_TAG, pdu.transferTag());
        header.putInt(36, pdu.dataSn()).putInt(40, (int) pdu.bufferOffset());
    }

    private void start(int opcode, boolean immediate, int flags, int taskTag) {
        first(opcode | (immediate ? IMMEDIATE : 0), flags);
        header.putInt(AT_TASK_TAG, taskTag);
    }

    private void first(int opcode, int flags) {
        header.put(0, (byte) opcode).put(AT_FLAGS, (byte) flags);
    }

    private void numbers(RequestNumbers numbers) {
        header.putInt(AT_NUMBERS, numbers.cmdSn()).putInt(AT_NUMBERS + 4, numbers.expStatSn());
    }

    private static int flags(boolean first, boolean second) {
        return (first ? FIRST_FLAG : 0) | (second ? SECOND_FLAG : 0);
    }

    private static int flags(Residual residual) {
        return (residual.overflow() ? 0x04 : 0) | (residual.underflow() ? 0x02 : 0);
    }

    /** A request with a reserved stage is written too: a Reject gives its header back. */
    private static int flags(LoginFlags flags) {
        int stages = (code(flags.current()) << 2) | code(flags.next());
        return flags(flags.transit(), flags.continues()) | stages;
    }

    private static int code(@Nullable LoginStage stage) {
        return stage == null ? RESERVED_STAGE : stage.code();
    }

    private static long session(Isid isid, int tsih) {
        return (isid.value() << 16) | (tsih & 0xffffL);
    }
}
