package io.sluice.orchestrator.agents;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.WorkerId;

/** Reports in, specs out, on stable storage; each call one transaction. */
public interface HostStore {
    /** Keeps the report as the worker's newest; false, and nothing kept, when a newer one, or this one, was taken before. */
    boolean take(HostReport report);

    /** What the host should hold, and that content's generation, from one snapshot. */
    HostSpec spec(WorkerId worker);
}
