package io.sluice.iscsi.pdu;

import org.jspecify.annotations.Nullable;

/**
 * The flags of login PDUs (RFC 7143 §11.12.1 to 3). A reserved stage code reads as null.
 *
 * @param transit the sender is ready to go to {@code next}
 * @param continues the text goes on in the next PDU
 */
public record LoginFlags(
        boolean transit,
        boolean continues,
        @Nullable LoginStage current,
        @Nullable LoginStage next) {

    /** Stays in a stage. */
    public static LoginFlags in(LoginStage current) {
        return new LoginFlags(false, false, current, LoginStage.SECURITY);
    }

    /** Goes from one stage to another. */
    public static LoginFlags transit(LoginStage current, LoginStage next) {
        return new LoginFlags(true, false, current, next);
    }

    /** Text that goes on in the next PDU. */
    public static LoginFlags continued(LoginStage current) {
        return new LoginFlags(false, true, current, LoginStage.SECURITY);
    }
}
