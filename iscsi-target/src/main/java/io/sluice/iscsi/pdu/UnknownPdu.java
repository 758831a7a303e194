package io.sluice.iscsi.pdu;

import java.nio.ByteBuffer;

/** A PDU with an opcode, or a field, that has no meaning: kept whole so that it can be rejected (RFC 7143 §11.17). */
public record UnknownPdu(int opcode, int taskTag, ByteBuffer header, ByteBuffer data) implements Pdu {}
