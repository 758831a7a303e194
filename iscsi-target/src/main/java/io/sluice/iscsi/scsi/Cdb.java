package io.sluice.iscsi.scsi;

import java.nio.ByteBuffer;

/** The fields of a command descriptor block, whose places follow from its operation code (SPC-4 §4.2.5). */
final class Cdb {
    /** iSCSI carries CDBs in a field of this size, padded with zeros (RFC 7143 §11.3.5). */
    private static final int PADDED_BYTES = 16;

    private static final int NORMAL_AUTO_CONTINGENT_ALLEGIANCE = 0x04;

    private final ByteBuffer bytes = ByteBuffer.allocate(PADDED_BYTES);

    /** A descriptor shorter than its command counts as padded with zeros. */
    Cdb(ByteBuffer descriptor) {
        bytes.put(descriptor.slice(descriptor.position(), Math.min(descriptor.remaining(), PADDED_BYTES)));
    }

    int code() {
        return unsigned(0);
    }

    int unsigned(int at) {
        return bytes.get(at) & 0xFF;
    }

    int unsignedShort(int at) {
        return bytes.getShort(at) & 0xFFFF;
    }

    boolean has(int at, int mask) {
        return (bytes.get(at) & mask) != 0;
    }

    long longAt(int at) {
        return bytes.getLong(at);
    }

    /** An allocation or parameter list length of 32 bits; nothing of ours comes near the cap. */
    int length(int at) {
        return (int) Math.min(bytes.getInt(at) & 0xFFFF_FFFFL, Integer.MAX_VALUE);
    }

    int serviceAction() {
        return bytes.get(1) & 0x1F;
    }

    long lba() {
        return switch (code() >>> 5) {
            case 0 -> bytes.getInt(0) & 0x1F_FFFFL;
            case 4 -> bytes.getLong(2);
            default -> bytes.getInt(2) & 0xFFFF_FFFFL;
        };
    }

    long blocks() {
        return switch (code() >>> 5) {
            case 0 -> bytes.get(4) == 0 ? 256 : unsigned(4); // SBC-3 §5.10: 0 means 256
            case 4 -> bytes.getInt(10) & 0xFFFF_FFFFL;
            case 5 -> bytes.getInt(6) & 0xFFFF_FFFFL;
            default -> bytes.getShort(7) & 0xFFFFL;
        };
    }

    int controlByte() {
        return switch (code() >>> 5) {
            case 0 -> 5;
            case 4, 6 -> 15;
            case 5 -> 11;
            default -> 9;
        };
    }

    /** The NACA bit, which a unit without auto contingent allegiance must refuse (SAM-5 §5.2). */
    boolean wantsContingentAllegiance() {
        return has(controlByte(), NORMAL_AUTO_CONTINGENT_ALLEGIANCE);
    }
}
