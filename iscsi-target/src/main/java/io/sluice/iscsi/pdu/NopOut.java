package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;

/**
 * NOP-Out (RFC 7143 §11.18).
 *
 * @param taskTag reserved if this only answers (or needs) no ping
 * @param transferTag the NOP-In's that this answers, else reserved
 * @param data ping data that comes back
 */
public record NopOut(boolean immediate, long lun, int taskTag, int transferTag, RequestNumbers numbers, ByteBuffer data)
        implements InitiatorPdu {}
