package io.sluice.iscsi.initiator;

import io.sluice.iscsi.scsi.ScsiStatus;
import io.sluice.iscsi.scsi.Sense;
import org.jspecify.annotations.Nullable;

/** What a command's status means for its caller. Pure. */
enum Verdict {
    DONE,
    /** The unit only had something to say: repeat at once. */
    REPEAT,
    /** Passing trouble: repeat after a pause. */
    REPEAT_LATER,
    FAILED;

    private static final int NOT_READY = 0x2;
    private static final int ABORTED_COMMAND = 0xB;

    static Verdict of(Task.Outcome.Answered answered) {
        ScsiStatus status = ScsiStatus.ofCode(answered.status());
        if (status == null) {
            return FAILED;
        }
        return switch (status) {
            case GOOD -> DONE;
            case BUSY, TASK_SET_FULL, TASK_ABORTED -> REPEAT_LATER;
            case RESERVATION_CONFLICT -> FAILED;
            case CHECK_CONDITION -> ofSense(answered.sense());
        };
    }

    private static Verdict ofSense(@Nullable Sense sense) {
        if (sense == null) {
            return FAILED;
        }
        return switch (sense.key()) {
            case Sense.UNIT_ATTENTION -> REPEAT;
            case NOT_READY, ABORTED_COMMAND -> REPEAT_LATER;
            default -> FAILED;
        };
    }

    boolean again() {
        return this == REPEAT || this == REPEAT_LATER;
    }
}
