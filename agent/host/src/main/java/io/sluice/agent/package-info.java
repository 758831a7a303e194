/**
 * The agent that runs on each worker: dials the orchestrator, holds what its spec says, reports what is observed. Entry:
 * {@link io.sluice.agent.AgentCommand}. This package holds the command, its configuration and the wiring, no logic.
 */
@NullMarked
package io.sluice.agent;

import org.jspecify.annotations.NullMarked;
