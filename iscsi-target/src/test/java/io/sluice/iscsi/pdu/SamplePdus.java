package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** One PDU of every kind, each field with a value of its own. */
final class SamplePdus {

    private static final RequestNumbers REQUEST = new RequestNumbers(0x01020304, 0xf1020304);
    private static final ResponseNumbers RESPONSE = new ResponseNumbers(0x11121314, 0x21222324, 0xf1323334);
    private static final long LUN = 0x4001_0000_0000_0000L;

    private SamplePdus() {}

    static List<Pdu> all() {
        return List.of(
                new NopOut(true, LUN, 0x10, 0x20, REQUEST, bytes("ping!")),
                new CommandRequest(
                        new CommandFlags(false, true, false, true, 2),
                        LUN,
                        0x11,
                        0xfffffffeL,
                        REQUEST,
                        cdb(16),
                        bytes("abc")),
                new CommandRequest(
                        new CommandFlags(true, false, true, false, 1), LUN, 0x12, 512, REQUEST, cdb(33), Pdu.NO_DATA),
                new TaskRequest(true, 5, LUN, 0x13, 0x14, REQUEST, 0x15, 0x16),
                new LoginRequest(
                        LoginFlags.transit(LoginStage.SECURITY, LoginStage.FULL_FEATURE),
                        1,
                        2,
                        new Isid(0x800102030405L),
                        0xfffe,
                        0x17,
                        0xfffd,
                        REQUEST,
                        bytes("a=b\0")),
                new TextRequest(false, true, false, LUN, 0x18, 0x19, REQUEST, bytes("SendTargets=All\0")),
                new DataOut(true, LUN, 0x1a, 0x1b, 0x1c, 0x1d, 0xfffffff0L, bytes("data out")),
                new LogoutRequest(false, 1, 0x1e, 0x1f, REQUEST),
                new SnackRequest(3, LUN, 0x21, 0x22, 0x23, 0x24, 0x25),
                new NopIn(LUN, 0x26, 0x27, RESPONSE, bytes("pong")),
                new CommandResponse(0x28, 1, 2, RESPONSE, 0x29, new Residual(false, true, 512), bytes("sense")),
                new TaskResponse(0x2a, 255, RESPONSE),
                new LoginResponse(
                        LoginFlags.continued(LoginStage.OPERATIONAL),
                        3,
                        4,
                        new Isid(0x400102030405L),
                        7,
                        0x2b,
                        RESPONSE,
                        LoginStatus.TARGET_REMOVED,
                        bytes("c=d\0")),
                new TextResponse(false, true, LUN, 0x2c, 0x2d, RESPONSE, bytes("TargetName=x\0")),
                new DataIn(
                        true,
                        false,
                        LUN,
                        0x2e,
                        0x2f,
                        RESPONSE,
                        0x30,
                        0x80000000L,
                        new DataIn.Ending(0, new Residual(true, false, 3)),
                        bytes("data in")),
                new DataIn(false, true, LUN, 0x31, Pdu.RESERVED_TAG, RESPONSE, 1, 0, null, bytes("x")),
                new LogoutResponse(0x32, 2, RESPONSE, 5, 20),
                new ReadyToTransfer(LUN, 0x33, 0x34, RESPONSE, 0x35, 0x90000000L, 0x40000),
                new AsyncMessage(LUN, RESPONSE, 1, 2, 3, 4, bytes("sense")),
                new Reject(4, RESPONSE, 5, ByteBuffer.allocate(48)),
                new UnknownPdu(0x1d, 0, ByteBuffer.allocate(48).put(0, (byte) 0x1d), Pdu.NO_DATA));
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static ByteBuffer cdb(int length) {
        ByteBuffer cdb = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) {
            cdb.put(i, (byte) (0x80 + i));
        }
        return cdb;
    }
}
