package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;

/**
 * Login Request (RFC 7143 §11.12); always immediate.
 *
 * @param versionMax highest protocol version of the initiator (0 is the only one there is)
 * @param tsih 0 for a new session
 */
public record LoginRequest(
        LoginFlags flags,
        int versionMax,
        int versionMin,
        Isid isid,
        int tsih,
        int taskTag,
        int connectionId,
        RequestNumbers numbers,
        ByteBuffer data)
        implements InitiatorPdu {}
