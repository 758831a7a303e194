package io.sluice.iscsi.pdu;

/**
 * How far the transferred length was from the expected one (RFC 7143 §11.4.5).
 *
 * @param overflow the device had {@code bytes} more than the initiator expected
 * @param underflow the transfer was {@code bytes} shorter than the initiator expected
 */
public record Residual(boolean overflow, boolean underflow, long bytes) {

    public static final Residual NONE = new Residual(false, false, 0);

    /** The residual of {@code available} bytes against {@code expected} ones. */
    public static Residual of(long expected, long available) {
        if (available == expected) {
            return NONE;
        }
        return available > expected
                ? new Residual(true, false, available - expected)
                : new Residual(false, true, expected - available);
    }
}
