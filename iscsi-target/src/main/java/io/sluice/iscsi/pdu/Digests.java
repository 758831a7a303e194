package io.sluice.iscsi.pdu;

/** Which digests (CRC32C) follow header and data segment (RFC 7143 §11.2.3, §13.1). */
public record Digests(boolean header, boolean data) {

    public static final Digests NONE = new Digests(false, false);
}
