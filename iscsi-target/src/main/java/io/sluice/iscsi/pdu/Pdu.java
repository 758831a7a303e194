package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;

/**
 * One iSCSI PDU (RFC 7143 §11). Tags and sequence numbers are raw 32-bit values (compare the latter with
 * {@link SerialNumbers}); lengths and offsets are unsigned and thus longs; LUNs are the eight bytes of SAM as a long. A data
 * segment is read through a duplicate by whoever keeps the PDU: its position is not to be moved.
 */
public sealed interface Pdu permits InitiatorPdu, TargetPdu, UnknownPdu {

    /** "No task" or "no transfer": the reserved value of the Initiator and Target Transfer Tags (RFC 7143 §11.2.1.8). */
    int RESERVED_TAG = 0xffffffff;

    /** An empty data segment. */
    ByteBuffer NO_DATA = ByteBuffer.allocate(0).asReadOnlyBuffer();

    /** Initiator Task Tag. */
    int taskTag();

    /** The data segment without padding; empty for PDUs that carry none. */
    default ByteBuffer data() {
        return NO_DATA;
    }
}
