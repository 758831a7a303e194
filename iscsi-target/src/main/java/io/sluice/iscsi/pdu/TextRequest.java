package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;

/**
 * Text Request (RFC 7143 §11.10).
 *
 * @param last the initiator has nothing more to say
 * @param continues the text goes on in the next PDU
 */
public record TextRequest(
        boolean immediate,
        boolean last,
        boolean continues,
        long lun,
        int taskTag,
        int transferTag,
        RequestNumbers numbers,
        ByteBuffer data)
        implements InitiatorPdu {}
