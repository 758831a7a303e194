package io.sluice.orchestrator.ceiling;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;
import io.sluice.orchestrator.fleet.Link;
import io.sluice.orchestrator.plan.BandwidthAllocator;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A volume that is being copied in the background.
 *
 * @param path what it crosses
 * @param weight of its share among those it competes with
 * @param granted bytes/s as the specs of its hosts say
 * @param loose bytes/s that its hosts may still keep to, at least {@code granted}: more while neither is known to have done what
 *     a lower rate asks
 * @param untouchable one of its hosts is in the cutover of another migration, which a new spec is not to disturb
 */
public record PacedVolume(
        MigrationId migration,
        VolumeId volume,
        Set<Link> path,
        int weight,
        long granted,
        long loose,
        boolean untouchable) {
    public static final long UNLIMITED = BandwidthAllocator.UNLIMITED;

    /** Of a drain of the ordinary priority: low enough to be doubled often, high enough to be halved as often. */
    private static final int ORDINARY_WEIGHT = 16;

    /** So much more urgent is twice the share. */
    private static final double DOUBLING_PRIORITY = 25;

    /** What a drain's priority, -100 to 100, is worth where its copies compete: 1 to 256, 16 for the ordinary. */
    public static int weight(int priority) {
        return (int) Math.max(1, Math.round(ORDINARY_WEIGHT * Math.pow(2, priority / DOUBLING_PRIORITY)));
    }

    public PacedVolume {
        path = Collections.unmodifiableSet(new LinkedHashSet<>(path));
        if (granted < 0 || loose < granted) {
            throw new IllegalArgumentException(
                    "volume " + volume + " cannot be loose at " + loose + " below the " + granted + " it is granted");
        }
    }
}
