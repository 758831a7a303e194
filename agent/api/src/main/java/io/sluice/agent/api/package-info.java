/**
 * The whole contract between the orchestrator and the agents, as records: {@link io.sluice.agent.api.HostSpec} down,
 * {@link io.sluice.agent.api.HostReport} up, and registration. Knows nothing of either side's insides, of HTTP or of a
 * JSON library beyond its annotations. Adding a nullable component is compatible; anything else needs a new path version.
 */
@NullMarked
package io.sluice.agent.api;

import org.jspecify.annotations.NullMarked;
