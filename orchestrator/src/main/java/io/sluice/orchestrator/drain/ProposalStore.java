package io.sluice.orchestrator.drain;

import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.plan.DrainPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Dry runs on stable storage, for as long as they may be executed. */
public interface ProposalStore {
    /** Keeps a dry run for a day, and forgets those that were kept longer. */
    Proposal keep(String hash, List<DrainOrder> orders, List<DrainPlan> plans);

    /** Null when there is none, or not any more. */
    @Nullable
    Proposal find(String id);

    void executed(String id, List<DrainId> drains);
}
