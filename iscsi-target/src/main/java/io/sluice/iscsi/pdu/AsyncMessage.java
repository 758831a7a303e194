package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;

/**
 * Asynchronous Message (RFC 7143 §11.9).
 *
 * @param event its code, see the constants
 * @param parameter1 logical: the connection dropped; else as the event says
 * @param data sense data and further text of the event
 */
public record AsyncMessage(
        long lun, ResponseNumbers numbers, int event, int parameter1, int parameter2, int parameter3, ByteBuffer data)
        implements TargetPdu {

    public static final int SCSI_EVENT = 0;
    public static final int LOGOUT_REQUESTED = 1;
    public static final int CONNECTION_DROPS = 2;
    public static final int SESSION_DROPS = 3;
    public static final int NEGOTIATION_REQUESTED = 4;

    @Override
    public int taskTag() {
        return RESERVED_TAG;
    }
}
