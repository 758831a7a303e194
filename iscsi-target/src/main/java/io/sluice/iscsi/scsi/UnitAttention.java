package io.sluice.iscsi.scsi;

import org.jspecify.annotations.Nullable;

/** What a unit has to tell an initiator port before it runs its next command (SAM-5 §5.14), most urgent first. */
enum UnitAttention {
    /** Also for a nexus that was lost and is back: 29h/00h stands for all of these (SAM-5 §5.14.4). */
    POWER_ON_OR_RESET(0x2900, 1 << 0),
    BUS_DEVICE_RESET(0x2903, 1 << 1),
    MEDIUM_MAY_HAVE_CHANGED(0x2800, 1 << 2),
    MODE_PARAMETERS_CHANGED(0x2A01, 1 << 3),
    RESERVATIONS_PREEMPTED(0x2A03, 1 << 4),
    RESERVATIONS_RELEASED(0x2A04, 1 << 5),
    REGISTRATIONS_PREEMPTED(0x2A05, 1 << 6);

    private final int code;
    private final int bit;

    UnitAttention(int code, int bit) {
        this.code = code;
        this.bit = bit;
    }

    /** The most urgent in a set of bits; null in an empty one. */
    static @Nullable UnitAttention first(int bits) {
        for (UnitAttention attention : values()) {
            if ((bits & attention.bit) != 0) {
                return attention;
            }
        }
        return null;
    }

    Sense sense() {
        return new Sense(Sense.UNIT_ATTENTION, code, null, null);
    }

    int bit() {
        return bit;
    }
}
