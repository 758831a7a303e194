package io.sluice.orchestrator.simulation;

import org.jspecify.annotations.Nullable;

/** One lease over all decisions, for variants that trust it; without one everybody may decide, since commits fence. */
final class Lease {
    private final Timeline timeline;
    private final long millis;
    private @Nullable Object holder;
    private long until;

    /** Zero is no lease. */
    Lease(Timeline timeline, long millis) {
        this.timeline = timeline;
        this.millis = millis;
    }

    boolean mayDecide(Object replica) {
        if (millis == 0) {
            return true;
        }
        long now = timeline.elapsedMillis();
        if (!replica.equals(holder) && now < until) {
            return false;
        }
        holder = replica;
        until = now + millis;
        return true;
    }
}
