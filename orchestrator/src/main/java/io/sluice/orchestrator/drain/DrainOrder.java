package io.sluice.orchestrator.drain;

import io.sluice.agent.api.WorkerId;

/**
 * The operator's wish.
 *
 * @param actor who asked
 */
public record DrainOrder(WorkerId worker, String actor, String reason, DrainMode mode, DrainLimits limits) {
    public int perSource() {
        return limits.perSource();
    }

    public int perDestination() {
        return limits.perDestination();
    }
}
