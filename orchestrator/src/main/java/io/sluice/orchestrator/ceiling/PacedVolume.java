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
 * @param granted bytes/s as the specs of its hosts say
 * @param loose bytes/s that its hosts may still keep to, at least {@code granted}: more while neither is known to have taken up
 *     a lower rate
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

    public PacedVolume {
        path = Collections.unmodifiableSet(new LinkedHashSet<>(path));
        if (granted < 0 || loose < granted) {
            throw new IllegalArgumentException(
                    "volume " + volume + " cannot be loose at " + loose + " below the " + granted + " it is granted");
        }
    }
}
