package io.sluice.orchestrator.drain;

import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.plan.DrainPlan;
import java.time.Instant;
import java.util.List;

/**
 * A dry run that is kept for a while, so that exactly it can be executed.
 *
 * @param hash stable over what the plans do
 * @param orders one for each worker, in the order of the plans
 * @param drains what its execution began; empty until then
 */
public record Proposal(
        String id,
        String hash,
        List<DrainOrder> orders,
        List<DrainPlan> plans,
        Instant expiresAt,
        List<DrainId> drains) {
    public Proposal {
        orders = List.copyOf(orders);
        plans = List.copyOf(plans);
        drains = List.copyOf(drains);
    }
}
