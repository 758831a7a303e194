package io.sluice.agent;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A count of bytes as people write it; K, M, G and T are powers of 1024, as KiB, MiB, GiB and TiB are. */
final class ByteSize {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s*(B|K|M|G|T|KiB|MiB|GiB|TiB)?");
    private static final Map<String, Integer> SHIFTS =
            Map.of("B", 0, "K", 10, "KiB", 10, "M", 20, "MiB", 20, "G", 30, "GiB", 30, "T", 40, "TiB", 40);

    private ByteSize() {}

    /** Throws {@link IllegalArgumentException} with the accepted form. */
    static long parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no size: write a whole number of B, KiB, MiB, GiB or TiB, as in 500GiB");
        }
        String unit = matcher.group(2);
        try {
            return Math.multiplyExact(
                    Long.parseLong(matcher.group(1)), 1L << (unit == null ? 0 : SHIFTS.getOrDefault(unit, 0)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is more than can be counted: write a smaller size", e);
        }
    }
}
