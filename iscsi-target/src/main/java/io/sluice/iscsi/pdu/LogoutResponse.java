package io.sluice.iscsi.pdu;

/**
 * Logout Response (RFC 7143 §11.15).
 *
 * @param response 0 closed, 1 no such connection, 2 recovery not supported, 3 clean-up failed
 */
public record LogoutResponse(
        int taskTag, int response, ResponseNumbers numbers, int time2WaitSeconds, int time2RetainSeconds)
        implements TargetPdu {

    public static final int CLOSED = 0;
    public static final int NO_SUCH_CONNECTION = 1;
    public static final int RECOVERY_NOT_SUPPORTED = 2;
}
