package io.sluice.iscsi.login;

import java.nio.ByteBuffer;

/** The bytes of a text gathered over several PDUs (RFC 7143 §6.2, the C bit). Immutable. */
public record Text(ByteBuffer bytes) {

    public static final Text EMPTY = new Text(ByteBuffer.allocate(0).asReadOnlyBuffer());

    public int length() {
        return bytes.remaining();
    }

    public Text plus(ByteBuffer more) {
        ByteBuffer all = ByteBuffer.allocate(bytes.remaining() + more.remaining());
        return new Text(all.put(bytes.duplicate()).put(more.duplicate()).flip().asReadOnlyBuffer());
    }
}
