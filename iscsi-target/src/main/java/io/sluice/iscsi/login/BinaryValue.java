package io.sluice.iscsi.login;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Binary values in texts: {@code 0x} and hex digits, or {@code 0b} and base64 (RFC 7143 §6.1). */
public final class BinaryValue {

    private BinaryValue() {}

    public static String hex(byte[] value) {
        return "0x" + HexFormat.of().formatHex(value);
    }

    /** The bytes of a value, null if it is none. */
    public static byte @Nullable [] parse(String value) {
        if (value.length() < 2) {
            return null;
        }
        String digits = value.substring(2);
        try {
            return switch (value.substring(0, 2).toLowerCase(Locale.ROOT)) {
                case "0x" -> HexFormat.of().parseHex(digits.length() % 2 == 0 ? digits : "0" + digits);
                case "0b" -> Base64.getDecoder().decode(digits);
                default -> null;
            };
        } catch (IllegalArgumentException notDigits) {
            return null;
        }
    }
}
