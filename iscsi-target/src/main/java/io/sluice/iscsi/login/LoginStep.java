package io.sluice.iscsi.login;

import io.sluice.iscsi.pdu.LoginResponse;
import io.sluice.iscsi.pdu.LoginStatus;
import io.sluice.iscsi.pdu.Pdu;

/** What a login request came to; the response is to be sent in any case. */
public sealed interface LoginStep {

    LoginResponse response();

    /** The login goes on. */
    record Continued(LoginState state, LoginResponse response) implements LoginStep {}

    /** The full feature phase begins once the response is sent. */
    record Complete(LoginResult result, LoginResponse response) implements LoginStep {

        /** The refusal to send instead if meanwhile the target can not take the session. */
        public Refused refused(LoginStatus status) {
            LoginResponse accepted = response;
            return new Refused(
                    new LoginResponse(
                            accepted.flags(),
                            accepted.versionMax(),
                            accepted.versionActive(),
                            accepted.isid(),
                            0,
                            accepted.taskTag(),
                            accepted.numbers(),
                            status,
                            Pdu.NO_DATA),
                    "the target went away during the login");
        }
    }

    /** The login failed: the connection closes once the response is sent. The reason is for the log. */
    record Refused(LoginResponse response, String reason) implements LoginStep {}
}
