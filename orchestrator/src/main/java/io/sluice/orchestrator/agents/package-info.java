/**
 * The two calls of agents: registration and sync. Entry: the controller; {@link io.sluice.orchestrator.agents.SyncService} takes a
 * report, lets it move what it moves, and holds the call until there is a newer spec. Knows nothing of drains or plans.
 */
@NullMarked
package io.sluice.orchestrator.agents;

import org.jspecify.annotations.NullMarked;
