package io.sluice.orchestrator.web;

import java.time.Instant;
import java.util.List;

/**
 * What drains of some workers together would do.
 *
 * @param id executes exactly this: {@code POST /api/v1/drains} with {@code {"plan": id}}
 * @param hash stable over what the plans do: the same hash is the same plan
 * @param expiresAt it is forgotten then
 * @param plans one for each worker
 */
public record PlansView(String id, String hash, Instant expiresAt, List<PlanView> plans) {
    public PlansView {
        plans = List.copyOf(plans);
    }
}
