package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;

/**
 * Text Response (RFC 7143 §11.11).
 *
 * @param last the exchange is over; the transfer tag is then reserved
 * @param continues the text goes on in the next PDU
 */
public record TextResponse(
        boolean last,
        boolean continues,
        long lun,
        int taskTag,
        int transferTag,
        ResponseNumbers numbers,
        ByteBuffer data)
        implements TargetPdu {}
