package io.sluice.orchestrator.plan;

import io.sluice.orchestrator.fleet.Link;
import java.util.Map;

/**
 * How much may go over links at the same time. A link that is not named has no ceiling.
 *
 * @param bytesPerSecond over all migrations that cross the link
 * @param migrations how many may cross it at once
 */
public record Ceilings(Map<Link, Long> bytesPerSecond, Map<Link, Integer> migrations) {
    public static final Ceilings NONE = new Ceilings(Map.of(), Map.of());

    public Ceilings {
        bytesPerSecond = Map.copyOf(bytesPerSecond);
        migrations = Map.copyOf(migrations);
    }
}
