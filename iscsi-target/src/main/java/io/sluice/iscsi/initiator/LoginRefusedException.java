package io.sluice.iscsi.initiator;

import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.pdu.LoginStatus;

/**
 * The target answered the login with a refusal. {@link #transientFailure()} tells whether it may be gone later: a target that is not
 * found may come back, wrong credentials stay wrong.
 */
public final class LoginRefusedException extends BlockDeviceException {
    private static final long serialVersionUID = 1L;

    private final int statusClass;
    private final int statusDetail;

    LoginRefusedException(String message, LoginStatus status) {
        super(message, mayPass(status));
        this.statusClass = status.statusClass();
        this.statusDetail = status.detail();
    }

    /** RFC 7143 §11.13.5: 1 redirection, 2 initiator error, 3 target error. */
    public int statusClass() {
        return statusClass;
    }

    public int statusDetail() {
        return statusDetail;
    }

    private static boolean mayPass(LoginStatus status) {
        return status.statusClass() == 3
                || status.equals(LoginStatus.NOT_FOUND)
                || status.equals(LoginStatus.TARGET_REMOVED)
                || status.equals(LoginStatus.TOO_MANY_CONNECTIONS);
    }
}
