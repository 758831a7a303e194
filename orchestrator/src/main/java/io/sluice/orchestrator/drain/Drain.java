package io.sluice.orchestrator.drain;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.Steering;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for, and the milestones passed. An open drain cordons its worker.
 *
 * @param pausedAt since when an operator keeps it from going on; null while it may
 * @param cancelRequestedAt null unless it was cancelled
 * @param evacuatedAt first time no workload was on the worker
 * @param drainedAt first time the worker was safe to power off
 * @param outcome null while it is open
 */
public record Drain(
        DrainId id,
        DrainOrder order,
        Instant createdAt,
        @Nullable Instant pausedAt,
        @Nullable Instant cancelRequestedAt,
        @Nullable Instant evacuatedAt,
        @Nullable Instant drainedAt,
        @Nullable Outcome outcome) {

    /** How a drain ended. */
    public enum Outcome {
        DRAINED,
        CANCELLED
    }

    public WorkerId worker() {
        return order.worker();
    }

    /** As the machine sees it, without the other drains. */
    public Steering steering() {
        return order.limits().steering(pausedAt != null);
    }

    public boolean open() {
        return outcome == null;
    }

    /** Whether it may still start migrations. */
    public boolean moving() {
        return open() && cancelRequestedAt == null;
    }
}
