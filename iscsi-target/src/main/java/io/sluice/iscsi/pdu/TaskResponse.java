package io.sluice.iscsi.pdu;

/**
 * Task Management Function Response (RFC 7143 §11.6).
 *
 * @param response 0 complete, 1 no such task, 2 no such LUN, 5 function not supported, 255 rejected
 */
public record TaskResponse(int taskTag, int response, ResponseNumbers numbers) implements TargetPdu {

    public static final int COMPLETE = 0;
    public static final int NO_SUCH_TASK = 1;
    public static final int NO_SUCH_LUN = 2;
    public static final int REASSIGN_NOT_SUPPORTED = 4;
    public static final int NOT_SUPPORTED = 5;
    public static final int REJECTED = 255;
}
