package io.sluice.iscsi.pdu;

import static io.sluice.iscsi.pdu.Opcodes.AT_AHS_LENGTH;
import static io.sluice.iscsi.pdu.Opcodes.CDB_BYTES;
import static io.sluice.iscsi.pdu.Opcodes.DIGEST_BYTES;
import static io.sluice.iscsi.pdu.Opcodes.HEADER_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** PDUs to bytes, with the digests agreed on. The data segment itself is never copied. Immutable. */
public final class PduEncoder {

    private static final int EXTENDED_CDB = 1;
    /** DataSegmentLength has three bytes (RFC 7143 §11.2.1.6). */
    private static final int MAX_DATA_SEGMENT_BYTES = (1 << 24) - 1;

    private final Digests digests;

    public PduEncoder(Digests digests) {
        this.digests = digests;
    }

    /**
     * A PDU's bytes as the buffers to be sent one after the other; empty ones are never null.
     *
     * @param header header segments and their digest
     * @param data the data segment as the PDU has it
     * @param trailer padding and data digest
     */
    public record Encoded(ByteBuffer header, ByteBuffer data, ByteBuffer trailer) {

        public int bytes() {
            return header.remaining() + data.remaining() + trailer.remaining();
        }

        /** For gathering writes. */
        public ByteBuffer[] buffers() {
            return new ByteBuffer[] {header, data, trailer};
        }
    }

    public Encoded encode(Pdu pdu) {
        ByteBuffer data = pdu.data().slice();
        int length = data.remaining();
        if (length > MAX_DATA_SEGMENT_BYTES) {
            throw new IllegalArgumentException("data segment of " + length + " bytes does not fit a PDU");
        }
        return new Encoded(header(pdu, length), data, length == 0 ? Pdu.NO_DATA.duplicate() : trailer(data));
    }

    /** The basic header segment alone, as a Reject gives it back (RFC 7143 §11.17). */
    public static ByteBuffer basicHeader(Pdu pdu) {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        HeaderWriter.write(pdu, header);
        int length = pdu.data().remaining();
        return header.putInt(AT_AHS_LENGTH, length);
    }

    private ByteBuffer header(Pdu pdu, int dataLength) {
        int extended = pdu instanceof CommandRequest command
                ? Math.max(0, command.cdb().remaining() - CDB_BYTES)
                : 0;
        int additional = extended == 0 ? 0 : 4 + extended + Opcodes.padding(extended);
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES + additional + (digests.header() ? DIGEST_BYTES : 0));
        HeaderWriter.write(pdu, header);
        header.putInt(AT_AHS_LENGTH, ((additional / 4) << 24) | dataLength);
        if (extended > 0 && pdu instanceof CommandRequest command) {
            header.putShort(HEADER_BYTES, (short) (extended + 1)).put(HEADER_BYTES + 2, (byte) EXTENDED_CDB);
            header.put(HEADER_BYTES + 4, command.cdb(), command.cdb().position() + CDB_BYTES, extended);
        }
        if (digests.header()) {
            CRC32C crc = new CRC32C();
            crc.update(header.slice(0, HEADER_BYTES + additional));
            header.order(ByteOrder.LITTLE_ENDIAN).putInt(HEADER_BYTES + additional, (int) crc.getValue());
            header.order(ByteOrder.BIG_ENDIAN);
        }
        return header;
    }

    private ByteBuffer trailer(ByteBuffer data) {
        int padding = Opcodes.padding(data.remaining());
        ByteBuffer trailer = ByteBuffer.allocate(padding + (digests.data() ? DIGEST_BYTES : 0));
        if (digests.data()) {
            CRC32C crc = new CRC32C();
            crc.update(data.duplicate());
            crc.update(trailer.slice(0, padding));
            trailer.order(ByteOrder.LITTLE_ENDIAN).putInt(padding, (int) crc.getValue());
            trailer.order(ByteOrder.BIG_ENDIAN);
        }
        return trailer;
    }
}
