package io.sluice.orchestrator.cli.progress;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Byte counts, rates and durations as people read them. What is not known says so. */
public final class Quantities {

    public static final String UNKNOWN = "unknown";

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private Quantities() {}

    /** E.g. {@code 1.5 GiB}; three significant digits at most. */
    public static String bytes(@Nullable Long bytes) {
        if (bytes == null) {
            return UNKNOWN;
        }
        double value = bytes;
        int unit = 0;
        while (value >= 1023.5 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        boolean whole = unit == 0 || value >= 99.95 || Math.abs(value - Math.rint(value)) < 0.05;
        return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", value, UNITS[unit]);
    }

    /** E.g. {@code 41 MiB/s}. */
    public static String rate(@Nullable Long bytesPerSecond) {
        return bytesPerSecond == null ? UNKNOWN : bytes(bytesPerSecond) + "/s";
    }

    /** E.g. {@code 42 s}, {@code 2 min 10 s}, {@code 3 h 5 min}, {@code 2 d 4 h}. */
    public static String seconds(@Nullable Long seconds) {
        if (seconds == null) {
            return UNKNOWN;
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min " + seconds % 60 + " s";
        }
        if (seconds < 86_400) {
            return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
        }
        return seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
    }

    /** E.g. {@code 84 ms}, {@code 1.2 s}. */
    public static String millis(@Nullable Long millis) {
        if (millis == null) {
            return UNKNOWN;
        }
        if (millis < 1000) {
            return millis + " ms";
        }
        return millis < 60_000 ? String.format(Locale.ROOT, "%.1f s", millis / 1000.0) : seconds(millis / 1000);
    }
}
