package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;

/**
 * SCSI Response (RFC 7143 §11.4).
 *
 * @param response 0 if the target carried the command out, 1 on a target failure
 * @param status the SCSI status
 * @param expDataSn how many Data-In and R2T PDUs the command had
 * @param data two bytes of sense length and the sense data, or empty
 */
public record CommandResponse(
        int taskTag,
        int response,
        int status,
        ResponseNumbers numbers,
        int expDataSn,
        Residual residual,
        ByteBuffer data)
        implements TargetPdu {}
