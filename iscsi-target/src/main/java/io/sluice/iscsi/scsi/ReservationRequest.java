package io.sluice.iscsi.scsi;

import org.jspecify.annotations.Nullable;

/**
 * A PERSISTENT RESERVE OUT with its parameter list (SPC-4 §6.16).
 *
 * @param key of the port that asks
 * @param serviceActionKey the key to register, or whose ports to preempt
 * @param persist the APTPL bit
 */
record ReservationRequest(
        Action action, @Nullable ReservationType type, long key, long serviceActionKey, boolean persist) {
    enum Action {
        REGISTER(0),
        RESERVE(1),
        RELEASE(2),
        CLEAR(3),
        PREEMPT(4),
        PREEMPT_AND_ABORT(5),
        REGISTER_AND_IGNORE_EXISTING_KEY(6);

        private final int code;

        Action(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static @Nullable Action of(int code) {
            for (Action action : values()) {
                if (action.code == code) {
                    return action;
                }
            }
            return null;
        }

        /** Whether the CDB's scope and type mean something. */
        boolean typed() {
            return switch (this) {
                case RESERVE, RELEASE, PREEMPT, PREEMPT_AND_ABORT -> true;
                case REGISTER, CLEAR, REGISTER_AND_IGNORE_EXISTING_KEY -> false;
            };
        }

        boolean registers() {
            return this == REGISTER || this == REGISTER_AND_IGNORE_EXISTING_KEY;
        }
    }
}
