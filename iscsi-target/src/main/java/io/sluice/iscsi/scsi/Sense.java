package io.sluice.iscsi.scsi;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Why a command ended in CHECK CONDITION, as fixed format sense data (SPC-4 §4.5.3).
 *
 * @param key sense key
 * @param code additional sense code and its qualifier, as {@code ASC << 8 | ASCQ}
 * @param information the LBA concerned, or null
 * @param cdbField the byte of the CDB that is wrong, or null
 */
public record Sense(
        int key,
        int code,
        @Nullable Long information,
        @Nullable Integer cdbField) {
    public static final int NO_SENSE = 0x0;
    public static final int MEDIUM_ERROR = 0x3;
    public static final int ILLEGAL_REQUEST = 0x5;
    public static final int UNIT_ATTENTION = 0x6;
    public static final int DATA_PROTECT = 0x7;
    public static final int HARDWARE_ERROR = 0x4;
    public static final int MISCOMPARE = 0xE;

    public static final int UNRECOVERED_READ_ERROR = 0x1100;
    public static final int WRITE_ERROR = 0x0C00;
    public static final int PARAMETER_LIST_LENGTH_ERROR = 0x1A00;
    public static final int MISCOMPARE_DURING_VERIFY = 0x1D00;
    public static final int INVALID_COMMAND_OPERATION_CODE = 0x2000;
    public static final int LBA_OUT_OF_RANGE = 0x2100;
    public static final int INVALID_FIELD_IN_CDB = 0x2400;
    public static final int LOGICAL_UNIT_NOT_SUPPORTED = 0x2500;
    public static final int INVALID_FIELD_IN_PARAMETER_LIST = 0x2600;
    public static final int INVALID_RELEASE_OF_PERSISTENT_RESERVATION = 0x2604;
    public static final int WRITE_PROTECTED = 0x2700;
    public static final int SPACE_ALLOCATION_FAILED = 0x2707;
    public static final int INTERNAL_TARGET_FAILURE = 0x4400;
    public static final int INSUFFICIENT_REGISTRATION_RESOURCES = 0x5504;
    public static final int MEDIUM_REMOVAL_PREVENTED = 0x5302;
    public static final int SAVING_PARAMETERS_NOT_SUPPORTED = 0x3900;

    static final int FIXED_BYTES = 18;
    private static final int RESPONSE_CODE_FIXED_CURRENT = 0x70;

    static final Sense MEDIUM_NOT_PRESENT = new Sense(0x2, 0x3A00, null, null);
    static final Sense NONE = new Sense(NO_SENSE, 0, null, null);

    static Sense illegalRequest(int code) {
        return new Sense(ILLEGAL_REQUEST, code, null, null);
    }

    static Sense invalidField(int cdbByte) {
        return new Sense(ILLEGAL_REQUEST, INVALID_FIELD_IN_CDB, null, cdbByte);
    }

    /** @param at the byte of the data-out buffer that differs first (SBC-3 §4.20) */
    static Sense miscompare(long at) {
        return new Sense(MISCOMPARE, MISCOMPARE_DURING_VERIFY, at, null);
    }

    static Sense lbaOutOfRange(long lba) {
        return new Sense(ILLEGAL_REQUEST, LBA_OUT_OF_RANGE, lba, null);
    }

    /** The 18 bytes of fixed format; the information field holds 32 bits, a larger LBA leaves it not valid. */
    public byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(FIXED_BYTES);
        boolean valid = information != null && information >= 0 && information <= 0xFFFF_FFFFL;
        bytes.put((byte) (RESPONSE_CODE_FIXED_CURRENT | (valid ? 0x80 : 0)));
        bytes.put(2, (byte) key);
        if (valid && information != null) {
            bytes.putInt(3, (int) (long) information);
        }
        bytes.put(7, (byte) (FIXED_BYTES - 8));
        bytes.putShort(12, (short) code);
        if (cdbField != null) {
            bytes.put(15, (byte) 0xC0); // SKSV, C/D: the pointer is into the CDB (SPC-4 §4.5.2.4.2)
            bytes.putShort(16, cdbField.shortValue());
        }
        return bytes.array();
    }

    /** Reads fixed or descriptor format; null when it is neither. */
    public static @Nullable Sense decode(ByteBuffer sense) {
        ByteBuffer bytes = sense.slice();
        int responseCode = bytes.hasRemaining() ? bytes.get(0) & 0x7F : 0;
        boolean fixed = responseCode == 0x70 || responseCode == 0x71;
        boolean descriptor = responseCode == 0x72 || responseCode == 0x73;
        if (fixed && bytes.remaining() >= 14) {
            boolean valid = (bytes.get(0) & 0x80) != 0;
            Long information = valid ? Long.valueOf(bytes.getInt(3) & 0xFFFF_FFFFL) : null;
            return new Sense(bytes.get(2) & 0x0F, bytes.getShort(12) & 0xFFFF, information, null);
        }
        if (descriptor && bytes.remaining() >= 4) {
            return new Sense(bytes.get(1) & 0x0F, bytes.getShort(2) & 0xFFFF, null, null);
        }
        return null;
    }

    @Override
    public String toString() {
        return "sense key %Xh, code %02Xh/%02Xh".formatted(key, code >>> 8, code & 0xFF);
    }
}
