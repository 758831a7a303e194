package io.sluice.iscsi.pace;

import org.jspecify.annotations.Nullable;

/**
 * What may be moved in a second; null is no ceiling.
 *
 * @param bytesPerSecond data, both ways together
 * @param operationsPerSecond commands that move data
 */
public record Rate(@Nullable Long bytesPerSecond, @Nullable Long operationsPerSecond) {

    public static final Rate UNLIMITED = new Rate(null, null);

    public Rate {
        check(bytesPerSecond, "bytes");
        check(operationsPerSecond, "operations");
    }

    /** A ceiling on bytes alone. */
    public static Rate ofBytes(@Nullable Long bytesPerSecond) {
        return new Rate(bytesPerSecond, null);
    }

    public boolean limited() {
        return bytesPerSecond != null || operationsPerSecond != null;
    }

    private static void check(@Nullable Long perSecond, String unit) {
        if (perSecond != null && perSecond <= 0) {
            throw new IllegalArgumentException(
                    "a rate of %d %s/s moves nothing; null means no limit".formatted(perSecond, unit));
        }
    }
}
