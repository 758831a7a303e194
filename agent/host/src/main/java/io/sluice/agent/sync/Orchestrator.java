package io.sluice.agent.sync;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.RegisterResponse;

/** The two calls of {@code AgentApi}; a call that got no answer to work with is a {@link CallFailedException}. */
public interface Orchestrator {
    RegisterResponse register(RegisterRequest request);

    /** Held by the other side until there is news or its hold has passed. */
    HostSpec sync(String credential, HostReport report);
}
