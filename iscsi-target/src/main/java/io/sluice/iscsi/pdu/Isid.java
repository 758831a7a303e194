package io.sluice.iscsi.pdu;

/** The initiator's part of a session identifier: 48 bits (RFC 7143 §11.12.5). */
public record Isid(long value) {

    public Isid {
        if (value >>> 48 != 0) {
            throw new IllegalArgumentException("ISID has 48 bits, got 0x" + Long.toHexString(value));
        }
    }

    /** An ISID of the "random" type for one who generates them by {@code random} and has {@code qualifier} sessions. */
    public static Isid random(int random, int qualifier) {
        return new Isid((0x80L << 40) | ((random & 0xffffffL) << 16) | (qualifier & 0xffffL));
    }

    @Override
    public String toString() {
        return "0x%012x".formatted(value);
    }
}
