package io.sluice.orchestrator.plan;

import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Cargo;
import java.util.List;
import java.util.Objects;

/**
 * Where one cargo goes.
 *
 * @param pools the destination's pool for each of the cargo's volumes, in their order
 * @param engine what clones there; plans stored before there was a choice name none and mean the portable one
 * @param because why there, in words, most important first
 */
public record Placement(
        Cargo cargo, WorkerId destination, List<PoolName> pools, CloneEngine engine, List<String> because) {
    public Placement {
        engine = Objects.requireNonNullElse(engine, CloneEngine.PORTABLE);
        pools = List.copyOf(pools);
        because = List.copyOf(because);
        if (pools.size() != cargo.volumes().size()) {
            throw new IllegalArgumentException("a placement names one pool for each volume of " + cargo.name());
        }
    }
}
