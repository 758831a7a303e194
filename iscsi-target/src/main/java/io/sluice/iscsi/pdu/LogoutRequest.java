package io.sluice.iscsi.pdu;

/**
 * Logout Request (RFC 7143 §11.14).
 *
 * @param reason 0 closes the session, 1 the connection, 2 removes the connection for recovery
 */
public record LogoutRequest(boolean immediate, int reason, int taskTag, int connectionId, RequestNumbers numbers)
        implements InitiatorPdu {

    public static final int CLOSE_SESSION = 0;
    public static final int CLOSE_CONNECTION = 1;
    public static final int REMOVE_FOR_RECOVERY = 2;
}
