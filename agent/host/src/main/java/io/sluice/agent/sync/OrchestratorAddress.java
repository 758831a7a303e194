package io.sluice.agent.sync;

import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the orchestrator is and how to join it.
 *
 * @param url without a slash at its end
 * @param caFile PEM file of the CA that signed its certificate; null is the JDK's own list
 */
public record OrchestratorAddress(
        URI url, String joinToken, @Nullable Path caFile) {
    @Override
    public String toString() {
        return "OrchestratorAddress[url=" + url + ", joinToken withheld]";
    }
}
