package io.sluice.orchestrator.migration;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.WorkerId;

/**
 * A migration that ended without one of its hosts, which was written off and has come back.
 *
 * @param report made after the host had taken up a spec that tells it to clear away what it holds of it
 */
public record LeftBehind(Migration migration, WorkerId host, HostReport report) {}
