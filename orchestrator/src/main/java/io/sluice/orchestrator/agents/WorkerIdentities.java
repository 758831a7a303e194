package io.sluice.orchestrator.agents;

import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.WorkerId;
import org.jspecify.annotations.Nullable;

/** Who registered, on stable storage. */
public interface WorkerIdentities {
    /**
     * Makes the worker of this machine id, or renews its profile and credential when machine id and claim are known together.
     * Null when the machine id is known with another claim.
     */
    @Nullable
    WorkerId register(RegisterRequest request, byte[] claimHash, byte[] credentialHash);

    /** The worker with this credential; null when there is none. */
    @Nullable
    WorkerId byCredential(byte[] credentialHash);
}
