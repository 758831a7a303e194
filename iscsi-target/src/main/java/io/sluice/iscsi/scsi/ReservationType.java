package io.sluice.iscsi.scsi;

import org.jspecify.annotations.Nullable;

/** Types of persistent reservations (SPC-4 §6.15.3.4, table 209). */
enum ReservationType {
    WRITE_EXCLUSIVE(1, 0x0200, Share.HOLDER),
    EXCLUSIVE_ACCESS(3, 0x0800, Share.HOLDER),
    WRITE_EXCLUSIVE_REGISTRANTS_ONLY(5, 0x2000, Share.REGISTRANTS),
    EXCLUSIVE_ACCESS_REGISTRANTS_ONLY(6, 0x4000, Share.REGISTRANTS),
    WRITE_EXCLUSIVE_ALL_REGISTRANTS(7, 0x8000, Share.ALL_HOLD),
    EXCLUSIVE_ACCESS_ALL_REGISTRANTS(8, 0x0001, Share.ALL_HOLD);

    /** Whom the reservation does not shut out. */
    private enum Share {
        HOLDER,
        REGISTRANTS,
        /** And every one of them is its holder. */
        ALL_HOLD
    }

    private final int code;
    private final int mask;
    private final Share share;

    ReservationType(int code, int mask, Share share) {
        this.code = code;
        this.mask = mask;
        this.share = share;
    }

    static @Nullable ReservationType of(int code) {
        for (ReservationType type : values()) {
            if (type.code == code) {
                return type;
            }
        }
        return null;
    }

    int code() {
        return code;
    }

    /** Its bit in the PERSISTENT RESERVATION TYPE MASK (SPC-4 §6.15.4). */
    int mask() {
        return mask;
    }

    boolean forAllRegistrants() {
        return share == Share.ALL_HOLD;
    }

    boolean admitsRegistrants() {
        return share != Share.HOLDER;
    }

    /** Whether it keeps others from reading too. */
    boolean exclusive() {
        return switch (this) {
            case WRITE_EXCLUSIVE, WRITE_EXCLUSIVE_REGISTRANTS_ONLY, WRITE_EXCLUSIVE_ALL_REGISTRANTS -> false;
            case EXCLUSIVE_ACCESS, EXCLUSIVE_ACCESS_REGISTRANTS_ONLY, EXCLUSIVE_ACCESS_ALL_REGISTRANTS -> true;
        };
    }
}
