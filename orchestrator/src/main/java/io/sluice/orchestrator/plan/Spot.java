package io.sluice.orchestrator.plan;

import io.sluice.agent.api.PoolName;
import io.sluice.orchestrator.fleet.Cargo;
import java.util.List;

/** A cargo in its place: the destination's pool for each of its volumes. */
record Spot(Cargo cargo, Destination destination, List<PoolName> pools) {}
