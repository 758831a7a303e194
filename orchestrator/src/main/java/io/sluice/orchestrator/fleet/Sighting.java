package io.sluice.orchestrator.fleet;

import io.sluice.agent.api.HostReport;
import java.time.Instant;

/** The newest report of a host and when it came in, or was last confirmed by a heartbeat, by the orchestrator's clock. */
public record Sighting(HostReport report, Instant at) {}
