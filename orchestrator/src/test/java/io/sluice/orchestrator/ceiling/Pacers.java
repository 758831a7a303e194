package io.sluice.orchestrator.ceiling;

import io.sluice.orchestrator.fleet.Ceilings;
import java.util.List;

/** Puts the real pacing together without a container. */
public final class Pacers {
    private Pacers() {}

    public static Pacer of(PacingStore store, CeilingStore ceilings) {
        return new Pacer(store, ceilings);
    }

    /** Whether the rates of these are what they stay at until something changes. */
    public static boolean settled(List<PacedVolume> volumes, Ceilings ceilings) {
        return volumes.stream().allMatch(volume -> !volume.untouchable() && volume.loose() == volume.granted())
                && Pacing.next(volumes, ceilings).isEmpty();
    }
}
