package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;

/** What a decoder came to. */
public sealed interface Decoded {

    /** More bytes are needed. */
    record Incomplete() implements Decoded {}

    /** A whole PDU. */
    record Complete(Pdu pdu) implements Decoded {}

    /**
     * The stream cannot be followed any further: the connection is to be dropped (RFC 7143 §7.7, §7.8, ErrorRecoveryLevel 0).
     *
     * @param header the basic header that a data digest error is to be answered with in a Reject; else empty
     */
    record Broken(Reason reason, String detail, ByteBuffer header) implements Decoded {}

    /** Why a stream is broken. */
    enum Reason {
        HEADER_DIGEST,
        DATA_DIGEST,
        DATA_SEGMENT_TOO_LONG,
        ADDITIONAL_HEADER_TOO_LONG
    }
}
