package io.sluice.agent.sync;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the orchestrator is and how to join it.
 *
 * @param urls of its replicas, each without a slash at its end; one at least, in the order in which they are tried
 * @param caFile PEM file of the CA that signed their certificates; null is the JDK's own list
 */
public record OrchestratorAddress(
        List<URI> urls, String joinToken, @Nullable Path caFile) {
    public OrchestratorAddress {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("no address of an orchestrator");
        }
        urls = List.copyOf(urls);
    }

    /** The same, begun at another place of the list: chosen by the host's name, hosts spread over the replicas. */
    public OrchestratorAddress startingBy(String name) {
        List<URI> turned = new ArrayList<>(urls);
        Collections.rotate(turned, -Math.floorMod(name.hashCode(), turned.size()));
        return new OrchestratorAddress(turned, joinToken, caFile);
    }

    @Override
    public String toString() {
        return "OrchestratorAddress[urls=" + urls + ", joinToken withheld]";
    }
}
