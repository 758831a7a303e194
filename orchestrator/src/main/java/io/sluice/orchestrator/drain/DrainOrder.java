package io.sluice.orchestrator.drain;

import io.sluice.agent.api.WorkerId;

/**
 * The operator's wish.
 *
 * @param actor who asked
 * @param perSource migrations under way from the worker at once
 * @param perDestination migrations under way to any one worker at once
 */
public record DrainOrder(WorkerId worker, String actor, String reason, int perSource, int perDestination) {
    /** Two at once keep a link busy while one of them is between two steps, and leave few workloads depending on two hosts. */
    public static final int DEFAULT_CONCURRENCY = 2;

    public static final int MAX_CONCURRENCY = 64;
}
