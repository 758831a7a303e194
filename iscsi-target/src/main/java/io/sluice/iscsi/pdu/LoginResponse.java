package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;

/** Login Response (RFC 7143 §11.13). */
public record LoginResponse(
        LoginFlags flags,
        int versionMax,
        int versionActive,
        Isid isid,
        int tsih,
        int taskTag,
        ResponseNumbers numbers,
        LoginStatus status,
        ByteBuffer data)
        implements TargetPdu {}
