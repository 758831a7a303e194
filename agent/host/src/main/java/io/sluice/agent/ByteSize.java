package io.sluice.agent;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A count of bytes as people write it. */
final class ByteSize {
    private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s*(B|KiB|MiB|GiB|TiB)?");
    private static final Map<String, Integer> SHIFTS = Map.of("B", 0, "KiB", 10, "MiB", 20, "GiB", 30, "TiB", 40);

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
