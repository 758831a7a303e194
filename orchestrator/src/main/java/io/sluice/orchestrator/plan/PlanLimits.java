package io.sluice.orchestrator.plan;

import org.jspecify.annotations.Nullable;

/**
 * What planning keeps to.
 *
 * @param headroomPercent share of every pool that stays free of new volumes
 * @param perSource how many migrations leave one worker at the same time
 * @param perDestination how many migrations enter one worker at the same time
 * @param bytesPerSecond observed or assumed rate of one migration, for the forecast; null is unknown
 * @param ceilings what links carry at most, for the order and the forecast
 * @param clearing what may be moved out of the way
 */
public record PlanLimits(
        int headroomPercent,
        int perSource,
        int perDestination,
        @Nullable Long bytesPerSecond,
        Ceilings ceilings,
        Clearing clearing) {
    /** A pool filled to the brim can hold no retired copy and no new volume: keep a twentieth. */
    public static final PlanLimits DEFAULT = new PlanLimits(5, 4, 2, null);

    /** Without ceilings. */
    public PlanLimits(int headroomPercent, int perSource, int perDestination, @Nullable Long bytesPerSecond) {
        this(headroomPercent, perSource, perDestination, bytesPerSecond, Ceilings.NONE);
    }

    /** Moving nothing that is not on the workers drained. */
    public PlanLimits(
            int headroomPercent, int perSource, int perDestination, @Nullable Long bytesPerSecond, Ceilings ceilings) {
        this(headroomPercent, perSource, perDestination, bytesPerSecond, ceilings, Clearing.NONE);
    }

    public PlanLimits with(Clearing allowed) {
        return new PlanLimits(headroomPercent, perSource, perDestination, bytesPerSecond, ceilings, allowed);
    }

    public PlanLimits {
        if (headroomPercent < 0 || headroomPercent > 90 || perSource < 1 || perDestination < 1) {
            throw new IllegalArgumentException("headroom is 0 to 90 %, concurrency at least 1: got " + headroomPercent
                    + " %, " + perSource + " per source, " + perDestination + " per destination");
        }
    }
}
