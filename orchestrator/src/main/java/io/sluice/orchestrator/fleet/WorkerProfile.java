package io.sluice.orchestrator.fleet;

import io.sluice.agent.api.Portal;
import io.sluice.agent.api.RegisterRequest.Capabilities;
import io.sluice.agent.api.RegisterRequest.Location;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.WorkerId;
import java.util.Map;

/**
 * What a worker said of itself when it registered.
 *
 * @param initiatorName the only initiator an export made for this destination admits
 */
public record WorkerProfile(
        WorkerId id,
        String name,
        Location location,
        Map<String, String> labels,
        Portal portal,
        String initiatorName,
        Capabilities capabilities,
        ResourceRequest capacity) {
    public WorkerProfile {
        labels = Map.copyOf(labels);
    }
}
