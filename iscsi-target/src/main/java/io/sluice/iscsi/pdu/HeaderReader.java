package io.sluice.iscsi.pdu;

import static io.sluice.iscsi.pdu.Opcodes.AT_CDB;
import static io.sluice.iscsi.pdu.Opcodes.AT_FLAGS;
import static io.sluice.iscsi.pdu.Opcodes.AT_LUN;
import static io.sluice.iscsi.pdu.Opcodes.AT_NUMBERS;
import static io.sluice.iscsi.pdu.Opcodes.AT_TASK_TAG;
import static io.sluice.iscsi.pdu.Opcodes.AT_TRANSFER_TAG;
import static io.sluice.iscsi.pdu.Opcodes.CDB_BYTES;
import static io.sluice.iscsi.pdu.Opcodes.FIRST_FLAG;
import static io.sluice.iscsi.pdu.Opcodes.HEADER_BYTES;
import static io.sluice.iscsi.pdu.Opcodes.IMMEDIATE;
import static io.sluice.iscsi.pdu.Opcodes.OPCODE_MASK;
import static io.sluice.iscsi.pdu.Opcodes.SECOND_FLAG;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads a PDU from its whole header (basic and additional segments) and its data segment (RFC 7143 §11.2 to §11.19). */
final class HeaderReader {

    /** Type of the additional header segment with the rest of a long CDB (RFC 7143 §11.2.2.3). */
    private static final int EXTENDED_CDB = 1;

    private final ByteBuffer header;
    private final ByteBuffer data;

    private HeaderReader(ByteBuffer header, ByteBuffer data) {
        this.header = header;
        this.data = data;
    }

    /** The PDU; nothing of it refers to {@code header} afterwards. */
    static Pdu read(ByteBuffer header, ByteBuffer data) {
        HeaderReader reader = new HeaderReader(header, data);
        int opcode = header.get(0) & OPCODE_MASK;
        return switch (opcode) {
            case Opcodes.NOP_OUT ->
                new NopOut(
                        reader.immediate(), reader.lun(), reader.tag(), reader.transferTag(), reader.request(), data);
            case Opcodes.COMMAND_REQUEST -> reader.commandRequest();
            case Opcodes.TASK_REQUEST -> reader.taskRequest();
            case Opcodes.LOGIN_REQUEST -> reader.loginRequest();
            case Opcodes.TEXT_REQUEST -> reader.textRequest();
            case Opcodes.DATA_OUT -> reader.dataOut();
            case Opcodes.LOGOUT_REQUEST ->
                new LogoutRequest(
                        reader.immediate(),
                        reader.flags() & 0x7f,
                        reader.tag(),
                        reader.unsignedShort(20),
                        reader.request());
            case Opcodes.SNACK_REQUEST -> reader.snackRequest();
            case Opcodes.NOP_IN -> new NopIn(reader.lun(), reader.tag(), reader.transferTag(), reader.response(), data);
            case Opcodes.COMMAND_RESPONSE -> reader.commandResponse();
            case Opcodes.TASK_RESPONSE -> new TaskResponse(reader.tag(), reader.unsignedByte(2), reader.response());
            case Opcodes.LOGIN_RESPONSE -> reader.loginResponse();
            case Opcodes.TEXT_RESPONSE -> reader.textResponse();
            case Opcodes.DATA_IN -> reader.dataIn();
            case Opcodes.LOGOUT_RESPONSE ->
                new LogoutResponse(
                        reader.tag(),
                        reader.unsignedByte(2),
                        reader.response(),
                        reader.unsignedShort(40),
                        reader.unsignedShort(42));
            case Opcodes.READY_TO_TRANSFER -> reader.readyToTransfer();
            case Opcodes.ASYNC_MESSAGE -> reader.asyncMessage();
            case Opcodes.REJECT -> new Reject(reader.unsignedByte(2), reader.response(), header.getInt(36), data);
            default -> new UnknownPdu(opcode, reader.tag(), reader.copy(0, HEADER_BYTES), data);
        };
    }

    private CommandRequest commandRequest() {
        int flags = flags();
        CommandFlags commandFlags =
                new CommandFlags(immediate(), first(), (flags & 0x40) != 0, (flags & 0x20) != 0, flags & 0x07);
        return new CommandRequest(commandFlags, lun(), tag(), unsignedInt(20), request(), cdb(), data);
    }

    private ByteBuffer cdb() {
        int at = HEADER_BYTES;
        while (at + 4 <= header.limit()) {
            int length = unsignedShort(at);
            int type = unsignedByte(at + 2);
            if (type == EXTENDED_CDB && length > 1 && at + 3 + length <= header.limit()) {
                ByteBuffer cdb = ByteBuffer.allocate(CDB_BYTES + length - 1);
                cdb.put(0, header, AT_CDB, CDB_BYTES).put(CDB_BYTES, header, at + 4, length - 1);
                return cdb;
            }
            at += 3 + length + Opcodes.padding(3 + length);
        }
        return copy(AT_CDB, CDB_BYTES);
    }

    private TaskRequest taskRequest() {
        return new TaskRequest(
                immediate(),
                flags() & 0x7f,
                lun(),
                tag(),
                transferTag(),
                request(),
                header.getInt(32),
                header.getInt(36));
    }

    private LoginRequest loginRequest() {
        return new LoginRequest(
                loginFlags(),
                unsignedByte(2),
                unsignedByte(3),
                isid(),
                unsignedShort(14),
                tag(),
                unsignedShort(20),
                request(),
                data);
    }

    private LoginResponse loginResponse() {
        return new LoginResponse(
                loginFlags(),
                unsignedByte(2),
                unsignedByte(3),
                isid(),
                unsignedShort(14),
                tag(),
                response(),
                new LoginStatus(unsignedByte(36), unsignedByte(37)),
                data);
    }

    private LoginFlags loginFlags() {
        return new LoginFlags(first(), second(), LoginStage.of((flags() >> 2) & 3), LoginStage.of(flags() & 3));
    }

    private TextRequest textRequest() {
        return new TextRequest(immediate(), first(), second(), lun(), tag(), transferTag(), request(), data);
    }

    private TextResponse textResponse() {
        return new TextResponse(first(), second(), lun(), tag(), transferTag(), response(), data);
    }

    private DataOut dataOut() {
        return new DataOut(
                first(), lun(), tag(), transferTag(), header.getInt(28), header.getInt(36), unsignedInt(40), data);
    }

    private DataIn dataIn() {
        return new DataIn(
                first(),
                second(),
                lun(),
                tag(),
                transferTag(),
                response(),
                header.getInt(36),
                unsignedInt(40),
                ending(),
                data);
    }

    private DataIn.@Nullable Ending ending() {
        return (flags() & 0x01) == 0 ? null : new DataIn.Ending(unsignedByte(3), residual());
    }

    private CommandResponse commandResponse() {
        return new CommandResponse(
                tag(), unsignedByte(2), unsignedByte(3), response(), header.getInt(36), residual(), data);
    }

    private ReadyToTransfer readyToTransfer() {
        return new ReadyToTransfer(
                lun(), tag(), transferTag(), response(), header.getInt(36), unsignedInt(40), unsignedInt(44));
    }

    private SnackRequest snackRequest() {
        return new SnackRequest(
                flags() & 0x0f, lun(), tag(), transferTag(), header.getInt(28), header.getInt(40), header.getInt(44));
    }

    private AsyncMessage asyncMessage() {
        return new AsyncMessage(
                lun(), response(), unsignedByte(36), unsignedShort(38), unsignedShort(40), unsignedShort(42), data);
    }

    private Residual residual() {
        boolean overflow = (flags() & 0x04) != 0;
        boolean underflow = (flags() & 0x02) != 0;
        return overflow || underflow ? new Residual(overflow, underflow, unsignedInt(44)) : Residual.NONE;
    }

    private RequestNumbers request() {
        return new RequestNumbers(header.getInt(AT_NUMBERS), header.getInt(AT_NUMBERS + 4));
    }

    private ResponseNumbers response() {
        return new ResponseNumbers(
                header.getInt(AT_NUMBERS), header.getInt(AT_NUMBERS + 4), header.getInt(AT_NUMBERS + 8));
    }

    private Isid isid() {
        return new Isid(header.getLong(AT_LUN) >>> 16);
    }

    private boolean immediate() {
        return (header.get(0) & IMMEDIATE) != 0;
    }

    private int flags() {
        return unsignedByte(AT_FLAGS);
    }

    private boolean first() {
        return (flags() & FIRST_FLAG) != 0;
    }

    private boolean second() {
        return (flags() & SECOND_FLAG) != 0;
    }

    private long lun() {
        return header.getLong(AT_LUN);
    }

    private int tag() {
        return header.getInt(AT_TASK_TAG);
    }

    private int transferTag() {
        return header.getInt(AT_TRANSFER_TAG);
    }

    private int unsignedByte(int at) {
        return header.get(at) & 0xff;
    }

    private int unsignedShort(int at) {
        return header.getShort(at) & 0xffff;
    }

    private long unsignedInt(int at) {
        return header.getInt(at) & 0xffffffffL;
    }

    private ByteBuffer copy(int at, int length) {
        return ByteBuffer.allocate(length).put(0, header, at, length);
    }
}
