package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;

/**
 * SCSI Command (RFC 7143 §11.3).
 *
 * @param cdb sixteen bytes, more if an extended CDB came in an additional header segment
 * @param data immediate data of a write
 */
public record CommandRequest(
        CommandFlags flags,
        long lun,
        int taskTag,
        long expectedLength,
        RequestNumbers numbers,
        ByteBuffer cdb,
        ByteBuffer data)
        implements InitiatorPdu {}
