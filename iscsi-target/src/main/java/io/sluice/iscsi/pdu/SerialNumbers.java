package io.sluice.iscsi.pdu;

/** Comparison of 32-bit sequence numbers that wrap (RFC 7143 §4.2.2.1, RFC 1982 with SERIAL_BITS = 32). */
public final class SerialNumbers {

    private SerialNumbers() {}

    /** Whether {@code first} comes before {@code second}. */
    public static boolean before(int first, int second) {
        return first - second < 0;
    }

    /** Whether {@code number} lies within {@code from} to {@code to}, both included. */
    public static boolean within(int number, int from, int to) {
        return !before(number, from) && !before(to, number);
    }
}
