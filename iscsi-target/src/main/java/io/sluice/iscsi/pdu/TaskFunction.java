package io.sluice.iscsi.pdu;

import org.jspecify.annotations.Nullable;

/** Task management functions (RFC 7143 §11.5.1). */
public enum TaskFunction {
    ABORT_TASK(1),
    ABORT_TASK_SET(2),
    CLEAR_ACA(3),
    CLEAR_TASK_SET(4),
    LOGICAL_UNIT_RESET(5),
    TARGET_WARM_RESET(6),
    TARGET_COLD_RESET(7),
    TASK_REASSIGN(8);

    private final int code;

    TaskFunction(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    /** The function of a code, null if there is none. */
    public static @Nullable TaskFunction of(int code) {
        return code >= 1 && code <= 8 ? values()[code - 1] : null;
    }
}
