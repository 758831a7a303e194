package io.sluice.iscsi.scsi;

import org.jspecify.annotations.Nullable;

/** Status codes of SAM-5 §5.3.1. */
public enum ScsiStatus {
    GOOD(0x00),
    CHECK_CONDITION(0x02),
    BUSY(0x08),
    RESERVATION_CONFLICT(0x18),
    TASK_SET_FULL(0x28),
    TASK_ABORTED(0x40);

    private final int code;

    ScsiStatus(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** Null for a code that this project has no use for. */
    public static @Nullable ScsiStatus ofCode(int code) {
        for (ScsiStatus status : values()) {
            if (status.code == code) {
                return status;
            }
        }
        return null;
    }
}
