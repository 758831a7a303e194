package io.sluice.iscsi.scsi;

/** The eight-byte LUN field (SAM-5 §4.7). */
public final class Lun {
    /** What a field that names no single-level logical unit decodes to. */
    public static final int NONE = -1;

    /** Peripheral device addressing reaches this far; beyond it flat space addressing is used. */
    private static final int PERIPHERAL_LIMIT = 256;

    private static final int FLAT_LIMIT = 1 << 14;

    private Lun() {}

    public static int decode(long field) {
        int first = (int) (field >>> 48);
        if ((field & 0x0000_FFFF_FFFF_FFFFL) != 0) {
            return NONE;
        }
        int method = first >>> 14;
        return switch (method) {
            case 0 -> (first & 0x3F00) == 0 ? first & 0xFF : NONE;
            case 1 -> first & 0x3FFF;
            default -> NONE;
        };
    }

    public static long encode(int lun) {
        if (lun < 0 || lun >= FLAT_LIMIT) {
            throw new IllegalArgumentException("LUN " + lun + " is outside 0 to " + (FLAT_LIMIT - 1));
        }
        long first = lun < PERIPHERAL_LIMIT ? lun : 0x4000 | lun;
        return first << 48;
    }
}
