package io.sluice.orchestrator.web;

import io.sluice.orchestrator.ceiling.CeilingService;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A ceiling and what is under it.
 *
 * @param scope worker, rack, zone, region or fleet
 * @param name {@code *} stands for each of its scope that has no ceiling of its own
 * @param direction in or out
 * @param maxMigrations under way at once; null is no ceiling
 * @param bytesPerSecond null is no ceiling
 * @param migrations under way now; null where the ceiling stands for each of its scope
 * @param grantedBytesPerSecond sum of the rates given out now; null likewise, and while a rate has not been given out yet
 */
public record CeilingView(
        String scope,
        String name,
        String direction,
        @Nullable Integer maxMigrations,
        @Nullable Long bytesPerSecond,
        @Nullable Integer migrations,
        @Nullable Long grantedBytesPerSecond) {

    static CeilingView of(CeilingService.Usage usage) {
        return new CeilingView(
                usage.link().scope().name().toLowerCase(Locale.ROOT),
                usage.link().name(),
                usage.link().direction().name().toLowerCase(Locale.ROOT),
                usage.ceiling().migrations(),
                usage.ceiling().bytesPerSecond(),
                usage.taken(),
                usage.grantedBytesPerSecond());
    }
}
