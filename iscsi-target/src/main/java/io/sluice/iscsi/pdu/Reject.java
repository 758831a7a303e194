package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;

/**
 * Reject (RFC 7143 §11.17).
 *
 * @param data the whole header of the PDU that was not taken
 */
public record Reject(int reason, ResponseNumbers numbers, int dataSn, ByteBuffer data) implements TargetPdu {

    public static final int DATA_DIGEST_ERROR = 2;
    public static final int SNACK_REJECT = 3;
    public static final int PROTOCOL_ERROR = 4;
    public static final int COMMAND_NOT_SUPPORTED = 5;
    public static final int TOO_MANY_IMMEDIATE_COMMANDS = 6;
    public static final int TASK_IN_PROGRESS = 7;
    public static final int INVALID_PDU_FIELD = 9;
    public static final int LONG_OPERATION_REJECT = 10;

    @Override
    public int taskTag() {
        return RESERVED_TAG;
    }
}
