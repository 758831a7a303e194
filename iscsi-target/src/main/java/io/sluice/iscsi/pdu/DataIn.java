package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * SCSI Data-In (RFC 7143 §11.7).
 *
 * @param last ends a sequence of at most MaxBurstLength
 * @param acknowledge asks for a DataACK SNACK (only above ErrorRecoveryLevel 0)
 * @param ending status that came with the last data, or null; StatSN means something only with it
 */
public record DataIn(
        boolean last,
        boolean acknowledge,
        long lun,
        int taskTag,
        int transferTag,
        ResponseNumbers numbers,
        int dataSn,
        long bufferOffset,
        @Nullable Ending ending,
        ByteBuffer data)
        implements TargetPdu {

    /** Phase-collapsed status: only one without sense data can come this way. */
    public record Ending(int status, Residual residual) {}
}
