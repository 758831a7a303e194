package io.sluice.orchestrator.fleet;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.WorkerId;
import org.jspecify.annotations.Nullable;

/**
 * One worker as planning sees it.
 *
 * @param connected its agent was heard of lately enough
 * @param cordoned takes nothing new
 * @param draining is being drained, is drained, or is about to be: takes nothing new either
 * @param report null until its agent reported once
 */
public record Worker(
        WorkerProfile profile,
        boolean connected,
        boolean cordoned,
        boolean draining,
        @Nullable HostReport report) {
    public WorkerId id() {
        return profile.id();
    }
}
