package io.sluice.iscsi.initiator;

import io.sluice.iscsi.pdu.LoginStatus;

/** A target's refusal in words: what it means and what to do. */
final class LoginRefusal {
    private LoginRefusal() {}

    static String explain(LoginStatus status, LoginExchange.Wish wish) {
        String initiator = wish.options().initiatorName();
        if (status.equals(LoginStatus.AUTHENTICATION_FAILURE)) {
            return "authentication failed (0201): check the CHAP user and secret, and whether the target wants any";
        }
        if (status.equals(LoginStatus.AUTHORIZATION_FAILURE)) {
            return "initiator '%s' is not admitted (0202): check the name that the target expects".formatted(initiator);
        }
        if (status.equals(LoginStatus.NOT_FOUND) || status.equals(LoginStatus.TARGET_REMOVED)) {
            return "there is no target '%s' (%s): check the name, or wait until it is served"
                    .formatted(wish.target(), status);
        }
        if (status.statusClass() == 1) {
            return "the target has moved (%s), and redirections are not followed: use its new address"
                    .formatted(status);
        }
        return "login refused with status " + status;
    }
}
