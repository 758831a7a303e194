package io.sluice.agent.clone.pace;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Amounts in words for people. */
final class Quantity {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Quantity() {}

    /** Rounded down to a whole number of the largest unit of which there are at least two. */
    static String bytes(long bytes) {
        int unit = 0;
        long amount = bytes;
        while (amount >= 2048 && unit + 1 < UNITS.length) {
            amount >>= 10;
            unit++;
        }
        return amount + " " + UNITS[unit];
    }

    static String until(@Nullable Duration left) {
        if (left == null) {
            return "without a deadline";
        }
        return left.isZero() || left.isNegative()
                ? "after its deadline"
                : left.compareTo(Duration.ofMinutes(2)) < 0
                        ? "within " + left.toSeconds() + " s"
                        : "within " + left.toMinutes() + " min";
    }
}
