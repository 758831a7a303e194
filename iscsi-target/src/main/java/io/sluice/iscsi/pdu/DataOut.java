package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;

/**
 * SCSI Data-Out (RFC 7143 §11.7).
 *
 * @param last ends the sequence: the unsolicited burst, or the answer to one R2T
 * @param transferTag the R2T's, or reserved for unsolicited data
 */
public record DataOut(
        boolean last,
        long lun,
        int taskTag,
        int transferTag,
        int expStatSn,
        int dataSn,
        long bufferOffset,
        ByteBuffer data)
        implements InitiatorPdu {}
