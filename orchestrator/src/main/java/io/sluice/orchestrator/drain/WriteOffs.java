package io.sluice.orchestrator.drain;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.migration.MigrationReconciler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/**
 * An operator's word that a worker does not come back. What waits for it alone goes on without it; nothing is done that would be wrong
 * if it came back all the same: no copy is deleted, no state goes back past Starting, and whatever it still holds is fenced.
 */
@Service
public class WriteOffs {
    private static final Logger log = LoggerFactory.getLogger(WriteOffs.class);

    private final WriteOffStore store;
    private final MigrationReconciler reconciler;

    WriteOffs(WriteOffStore store, MigrationReconciler reconciler) {
        this.store = store;
        this.reconciler = reconciler;
    }

    /** False, and nothing written, while the worker is heard of: then it is drained as any other. */
    public boolean writeOff(WorkerId worker, OperatorAction.By by) {
        return switch (store.writeOff(worker, by)) {
            case REPORTING -> false;
            case BEFORE -> true;
            case WRITTEN_OFF -> {
                log.warn("worker written off worker={} actor={} reason=\"{}\"", worker, by.actor(), by.reason());
                reconciler.reconcile(worker);
                yield true;
            }
        };
    }

    /** It counts again, cordoned as it is; a workload that was stopped on it and went nowhere starts there again. */
    public void reinstate(WorkerId worker, OperatorAction.By by) {
        store.reinstate(worker);
        log.info("worker reinstated worker={} actor={} reason=\"{}\"", worker, by.actor(), by.reason());
    }

    /** What workers that came back have cleared away. */
    public void look() {
        reconciler.clearAway();
    }
}
