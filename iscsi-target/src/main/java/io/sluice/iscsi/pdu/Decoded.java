package io.sluice.iscsi.pdu;

/** What a decoder came to. */
public sealed interface Decoded {

    /** More bytes are needed. */
    record Incomplete() implements Decoded {}

    /** A whole PDU. */
    record Complete(Pdu pdu) implements Decoded {}

    /** The stream cannot be followed any further: the connection is to be dropped (RFC 7143 §7.8, ErrorRecoveryLevel 0). */
    record Broken(Reason reason, String detail) implements Decoded {}

    /** Why a stream is broken. */
    enum Reason {
        HEADER_DIGEST,
        DATA_DIGEST,
        DATA_SEGMENT_TOO_LONG,
        ADDITIONAL_HEADER_TOO_LONG
    }
}
