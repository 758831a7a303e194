package io.sluice.orchestrator.drain;

import io.sluice.agent.api.WorkerId;

/**
 * The operator's wish.
 *
 * @param actor who asked
 */
public record DrainOrder(
        WorkerId worker, String actor, String reason, DrainMode mode, DrainLimits limits, DrainOptions options) {
    /** A dry run that was kept by an earlier release has no options. */
    @SuppressWarnings("NullAway")
    public DrainOrder {
        options = options == null ? DrainOptions.DEFAULT : options;
    }

    public DrainOrder(WorkerId worker, String actor, String reason, DrainMode mode, DrainLimits limits) {
        this(worker, actor, reason, mode, limits, DrainOptions.DEFAULT);
    }

    public int perSource() {
        return limits.perSource();
    }

    public int perDestination() {
        return limits.perDestination();
    }
}
