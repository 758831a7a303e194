package io.sluice.iscsi.bench;

import io.sluice.iscsi.login.TextKeys;
import io.sluice.iscsi.pdu.Decoded;
import io.sluice.iscsi.pdu.Digests;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.pdu.LoginFlags;
import io.sluice.iscsi.pdu.LoginRequest;
import io.sluice.iscsi.pdu.LoginResponse;
import io.sluice.iscsi.pdu.LoginStage;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.PduDecoder;
import io.sluice.iscsi.pdu.PduEncoder;
import io.sluice.iscsi.pdu.PduLimits;
import io.sluice.iscsi.pdu.RequestNumbers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * iSCSI (RFC 7143) for one LUN: READ (10) and WRITE (10) with immediate data. Reads PDUs where they lie in the receive buffer and
 * counts on a target that keeps to the protocol.
 */
final class IscsiProtocol implements Protocol {

    private static final int HEADER = 48;
    private static final int DIGEST = 4;
    private static final int SEGMENT_BYTES = 262_144;
    private static final int BLOCK = 512;
    private static final int NOP_OUT = 0x40;
    private static final int COMMAND = 0x01;
    private static final int NOP_IN = 0x20;
    private static final int RESPONSE = 0x21;
    private static final int DATA_IN = 0x25;
    private static final int HAS_STATUS = 0x01;
    private static final int UNIT_ATTENTIONS = 4;

    private final String target;
    private final int lun;
    private final int session;
    private final boolean digests;
    private final CRC32C crc = new CRC32C();
    private int cmdSn = 1;
    private int expStatSn;

    /** Bytes of a data segment that have still to come, then those of padding and digest. */
    private int data;

    private int trailer;
    private int endedSlot = -1;

    IscsiProtocol(String target, int lun, int session, boolean digests) {
        this.target = target;
        this.lun = lun;
        this.session = session;
        this.digests = digests;
    }

    @Override
    public void begin(SocketChannel connection) throws IOException {
        String digest = digests ? "CRC32C" : "None";
        TextKeys keys = TextKeys.EMPTY
                .with("InitiatorName", "iqn.2026-11.io.sluice:bench")
                .with("SessionType", "Normal")
                .with("TargetName", target)
                .with("HeaderDigest", digest)
                .with("DataDigest", digest)
                .with("InitialR2T", "No")
                .with("ImmediateData", "Yes")
                .with("MaxBurstLength", "1048576")
                .with("FirstBurstLength", "65536")
                .with("MaxRecvDataSegmentLength", Integer.toString(SEGMENT_BYTES));
        LoginFlags flags = LoginFlags.transit(LoginStage.OPERATIONAL, LoginStage.FULL_FEATURE);
        RequestNumbers numbers = new RequestNumbers(cmdSn, 0);
        LoginRequest request =
                new LoginRequest(flags, 0, 0, new Isid(0x800000000000L | session), 0, 0, 0, numbers, keys.encode());
        for (ByteBuffer part : new PduEncoder(Digests.NONE).encode(request).buffers()) {
            Channels.write(connection, part);
        }
        Pdu answer = receive(connection);
        if (!(answer instanceof LoginResponse response)
                || !response.status().success()
                || !response.flags().transit()) {
            throw new IOException("login to " + target + " failed: " + answer);
        }
        String agreed =
                StandardCharsets.UTF_8.decode(response.data().duplicate()).toString();
        if (digests && !agreed.contains("DataDigest=CRC32C")) {
            throw new IOException(target + " does not agree to digests");
        }
        expStatSn = response.numbers().statSn() + 1;
        clearUnitAttentions(connection);
    }

    private static Pdu receive(SocketChannel connection) throws IOException {
        PduDecoder decoder = new PduDecoder(PduLimits.dataSegment(SEGMENT_BYTES));
        while (true) {
            switch (decoder.next(Pdu.NO_DATA.duplicate())) {
                case Decoded.Complete complete -> {
                    return complete.pdu();
                }
                case Decoded.Broken broken -> throw new IOException(broken.detail());
                case Decoded.Incomplete ignored -> Channels.fill(connection, decoder.space());
            }
        }
    }

    /** TEST UNIT READY until a target has got rid of what it has to say about having started (SAM-5 §5.14). */
    private void clearUnitAttentions(SocketChannel connection) throws IOException {
        for (int attempt = 0; attempt < UNIT_ATTENTIONS; attempt++) {
            ByteBuffer out = ByteBuffer.allocate(HEADER + DIGEST);
            command(out, 0, 0x80, 0).putLong(0).putLong(0);
            digest(out, HEADER);
            Channels.write(connection, out.flip());
            ByteBuffer header = Channels.read(connection, HEADER + (digests ? DIGEST : 0));
            int length = header.getInt(4) & 0xffffff;
            int rest = length == 0 ? 0 : length + (-length & 3) + (digests ? DIGEST : 0);
            ByteBuffer ignored = Channels.read(connection, rest);
            expStatSn = header.getInt(24) + 1;
            if (header.get(3) == 0) {
                return;
            }
        }
        throw new IOException("the unit of " + target + " does not get ready");
    }

    @Override
    public int requestBytes(Work work) {
        return HEADER + DIGEST + (work.writes() ? work.blockBytes() + DIGEST : 0);
    }

    @Override
    public void request(ByteBuffer out, int slot, boolean write, long offset, int lengthBytes) {
        int start = out.position();
        command(out, slot, write ? 0xa0 : 0xc0, lengthBytes);
        out.put((byte) (write ? 0x2a : 0x28)).put((byte) 0).putInt((int) (offset / BLOCK));
        out.put((byte) 0)
                .putShort((short) (lengthBytes / BLOCK))
                .put((byte) 0)
                .putInt(0)
                .putShort((short) 0);
        if (write) {
            out.putInt(start + 4, lengthBytes);
        }
        digest(out, HEADER);
        if (write) {
            out.position(out.position() + lengthBytes);
            digest(out, lengthBytes);
        }
    }

    /** The header up to its CDB (RFC 7143 §11.3). */
    private ByteBuffer command(ByteBuffer out, int slot, int flags, int lengthBytes) {
        out.put((byte) COMMAND).put((byte) (flags | 1)).putShort((short) 0).putInt(0);
        out.putLong((long) lun << 48).putInt(slot).putInt(lengthBytes);
        return out.putInt(cmdSn++).putInt(expStatSn);
    }

    private void digest(ByteBuffer out, int lengthBytes) {
        if (digests) {
            crc.reset();
            crc.update(out.slice(out.position() - lengthBytes, lengthBytes));
            out.putInt(Integer.reverseBytes((int) crc.getValue()));
        }
    }

    @Override
    public void received(ByteBuffer in, ByteBuffer out, Ended ended) throws IOException {
        while (segmentPassed(in)) {
            if (endedSlot >= 0) {
                ended.ended(endedSlot);
                endedSlot = -1;
            }
            if (in.remaining() < HEADER + (digests ? DIGEST : 0)) {
                return;
            }
            header(in, out);
        }
    }

    private void header(ByteBuffer in, ByteBuffer out) throws IOException {
        int at = in.position();
        if (digests) {
            crc.reset();
            crc.update(in.slice(at, HEADER));
            check(in, at + HEADER);
        }
        int flags = in.get(at + 1);
        int tag = in.getInt(at + 16);
        switch (in.get(at) & 0x3f) {
            case DATA_IN -> {
                if ((flags & HAS_STATUS) != 0) {
                    ended(in, at, tag);
                }
            }
            case RESPONSE -> ended(in, at, tag);
            case NOP_IN -> pong(out, in.getInt(at + 20));
            default -> throw new IOException("the target sent opcode " + in.get(at));
        }
        int length = in.getInt(at + 4) & 0xffffff;
        in.position(at + HEADER + (digests ? DIGEST : 0));
        data = length;
        trailer = length == 0 ? 0 : (-length & 3) + (digests ? DIGEST : 0);
        crc.reset();
    }

    private void ended(ByteBuffer in, int at, int tag) throws IOException {
        if (in.get(at + 3) != 0) {
            throw new IOException("the target ended a command with status " + in.get(at + 3));
        }
        expStatSn = in.getInt(at + 24) + 1;
        endedSlot = tag;
    }

    private void pong(ByteBuffer out, int transferTag) {
        if (transferTag != -1) {
            out.put((byte) NOP_OUT)
                    .put((byte) 0x80)
                    .putShort((short) 0)
                    .putInt(0)
                    .putLong(0);
            out.putInt(-1)
                    .putInt(transferTag)
                    .putInt(cmdSn)
                    .putInt(expStatSn)
                    .putLong(0)
                    .putLong(0);
            digest(out, HEADER);
        }
    }

    /** Whether the data segment under way, if any, is over. */
    private boolean segmentPassed(ByteBuffer in) throws IOException {
        int count = Math.min(data, in.remaining());
        if (digests && count > 0) {
            crc.update(in.slice(in.position(), count));
        }
        in.position(in.position() + count);
        data -= count;
        if (data > 0 || in.remaining() < trailer) {
            return false;
        }
        int padding = trailer & 3;
        in.position(in.position() + trailer);
        if (digests && trailer > 0 && padding == 0) {
            check(in, in.position() - DIGEST);
        }
        trailer = 0;
        return true;
    }

    private void check(ByteBuffer in, int at) throws IOException {
        if (in.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(at) != (int) crc.getValue()) {
            throw new IOException("a digest of the target is wrong");
        }
    }
}
