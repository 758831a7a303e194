package io.sluice.orchestrator.retention;

import io.sluice.agent.api.WorkerId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Retained copies on stable storage. Each call is one transaction; time is the store's own. */
public interface RetentionStore {
    /** Those that are not known to be gone, by worker, volume and epoch. */
    List<RetainedCopy> copies();

    /** Null when there is none, or it is gone. */
    @Nullable
    RetainedCopy find(RetainedCopy.Key copy);

    /** False, and nothing written, when its deletion was decided before, or it is gone. */
    boolean keep(RetainedCopy.Key copy, String actor);

    /** Tells its worker with the decision. False when it is gone; harmless when it was decided before. */
    boolean delete(RetainedCopy.Key copy, String actor);

    /** Workers with copies whose time is over, or whose deletion was decided and may have happened. */
    List<WorkerId> due();

    /**
     * Decides the deletion of the worker's copies whose time is over and which nobody keeps, takes what its newest report does not
     * show any more for gone, and tells the worker where its spec differs by that. Answers whether it does.
     */
    boolean settle(WorkerId worker);
}
