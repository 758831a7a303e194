package io.sluice.orchestrator.drain;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.plan.DrainPlan;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Drains on stable storage, as their planning changes them. The caller spans the transaction. */
public interface DrainStore {
    /** One planning at a time, over all replicas, until the transaction ends: two plans must not give away the same room. */
    void lockPlanning();

    @Nullable
    Drain open(WorkerId worker);

    @Nullable
    Drain find(DrainId id);

    Drain add(DrainOrder order);

    /** Keeps the plan and makes a migration of each placement and each third-party move, with a fresh epoch and secrets of its own. */
    void adopt(DrainId drain, DrainPlan plan, FleetSnapshot fleet);

    /** Wants every live migration of the drain given up. */
    void requestCancel(DrainId drain);

    /** Keeps when the worker was first evacuated. */
    void evacuated(DrainId drain, Instant at);

    /** Keeps when the worker was first safe to power off; it was evacuated then too. */
    void drained(DrainId drain, Instant at);

    void close(DrainId drain, Drain.Outcome outcome);

    void cordon(WorkerId worker, boolean cordoned);

    /** Live migrations of the drain, in their order. */
    List<MigrationId> live(DrainId drain);

    /** Of these, those that leave another worker than the drained one. */
    List<MigrationId> liveThirdParties(DrainId drain);

    /** What keeps a drain from being through, without looking at its worker. */
    Left left(DrainId drain);

    /**
     * What is left of a drain; third-party migrations do not count.
     *
     * @param workloads live migrations whose workload does not run at its destination yet
     * @param live all its live migrations
     */
    record Left(int workloads, int live) {}
}
