package io.sluice.iscsi.scsi;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * One end of an I_T nexus: who reserves, registers and is told of unit attentions. For iSCSI an initiator's name and the ISID of its
 * session (RFC 7143 §4.4.2); it is the same port when it comes again.
 *
 * @param isid 48 bits
 */
public record InitiatorPort(String name, long isid) {
    /** FORMAT CODE 01b, iSCSI: name, separator and ISID (SPC-4 §7.6.4.6). */
    private static final byte TRANSPORT_ID_WITH_ISID = 0x45;

    private static final int HEADER_BYTES = 4;

    /** {@code name,i,0xISID}: the port's name in a TransportID. */
    String transportName() {
        return "%s,i,0x%012x".formatted(name, isid);
    }

    /** The port's TransportID: zero-terminated and padded to a multiple of four, at least 24 bytes (SPC-4 §7.6.4.6). */
    byte[] transportId() {
        byte[] text = transportName().getBytes(StandardCharsets.US_ASCII);
        int padded = Math.max(20, (text.length + 1 + 3) / 4 * 4);
        return ByteBuffer.allocate(HEADER_BYTES + padded)
                .put(TRANSPORT_ID_WITH_ISID)
                .put((byte) 0)
                .putShort((short) padded)
                .put(text)
                .array();
    }
}
