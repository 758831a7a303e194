package io.sluice.orchestrator.drain;

import io.sluice.agent.api.WorkerId;

/** Which workers were written off, on stable storage. Each call is one transaction; time is the store's own. */
public interface WriteOffStore {
    /**
     * Cordons the worker and writes it off; it stays cordoned when it is reinstated. What it is told of migrations that ended without it
     * may differ by that, so its generation rises.
     */
    Outcome writeOff(WorkerId worker, OperatorAction.By by);

    /** Harmless when it counts already. */
    void reinstate(WorkerId worker);

    /** What came of writing a worker off. */
    enum Outcome {
        WRITTEN_OFF,
        /** It was before; who said so and why stays as it was. */
        BEFORE,
        /** It was heard of lately. */
        REPORTING
    }
}
