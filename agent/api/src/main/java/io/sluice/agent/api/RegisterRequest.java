package io.sluice.agent.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Auto-registration; sent with the join token as bearer token. Idempotent by {@code machineId}.
 *
 * @param machineId made by the agent at its first start and kept with its identity
 * @param claim secret made beside it: the same machine id with another claim is refused, never taken over
 */
public record RegisterRequest(
        String machineId,
        String claim,
        String name,
        Location location,
        Map<String, String> labels,
        Portal portal,
        String initiatorName,
        Capabilities capabilities,
        ResourceRequest capacity,
        String agentVersion) {

    public RegisterRequest {
        labels = Map.copyOf(labels);
    }

    /** Where the host stands; null is unknown. */
    public record Location(
            @Nullable String region,
            @Nullable String zone,
            @Nullable String rack) {}

    /** What the host can do. */
    public record Capabilities(boolean dmClone, boolean portableClone) {}

    @Override
    public String toString() {
        return "RegisterRequest[machineId=" + machineId + ", name=" + name + ", portal=" + portal + ", claim withheld]";
    }
}
