package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;

/**
 * NOP-In (RFC 7143 §11.19).
 *
 * @param taskTag the NOP-Out's that this answers, else reserved
 * @param transferTag other than reserved if the target wants an answer
 */
public record NopIn(long lun, int taskTag, int transferTag, ResponseNumbers numbers, ByteBuffer data)
        implements TargetPdu {}
