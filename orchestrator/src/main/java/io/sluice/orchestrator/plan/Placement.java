package io.sluice.orchestrator.plan;

import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Cargo;
import java.util.List;

/**
 * Where one cargo goes.
 *
 * @param pools the destination's pool for each of the cargo's volumes, in their order
 * @param because why there, in words, most important first
 */
public record Placement(Cargo cargo, WorkerId destination, List<PoolName> pools, List<String> because) {
    public Placement {
        pools = List.copyOf(pools);
        because = List.copyOf(because);
        if (pools.size() != cargo.volumes().size()) {
            throw new IllegalArgumentException("a placement names one pool for each volume of " + cargo.name());
        }
    }
}
