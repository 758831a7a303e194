package io.sluice.orchestrator.fleet;

import org.jspecify.annotations.Nullable;

/**
 * How much may cross a link at once; null is no ceiling.
 *
 * @param migrations that have begun and not ended; 0 lets none begin
 * @param bytesPerSecond of background copying and of what running workloads read meanwhile
 */
public record Ceiling(
        @Nullable Integer migrations, @Nullable Long bytesPerSecond) {
    public static final Ceiling NONE = new Ceiling(null, null);

    /** What this one leaves open, as the other says. */
    public Ceiling or(Ceiling other) {
        return new Ceiling(
                migrations == null ? other.migrations : migrations,
                bytesPerSecond == null ? other.bytesPerSecond : bytesPerSecond);
    }
}
