package io.sluice.iscsi.pdu;

/**
 * Ready To Transfer (RFC 7143 §11.8): asks for {@code desiredLength} bytes of a write's data.
 *
 * @param numbers StatSN is the next to be used and is not advanced by this PDU
 */
public record ReadyToTransfer(
        long lun,
        int taskTag,
        int transferTag,
        ResponseNumbers numbers,
        int r2tSn,
        long bufferOffset,
        long desiredLength)
        implements TargetPdu {}
