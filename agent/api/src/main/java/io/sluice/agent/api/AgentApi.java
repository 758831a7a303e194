package io.sluice.agent.api;

import java.time.Duration;

/**
 * Paths and times of the two calls an agent makes. Both are {@code POST}, JSON both ways; errors are RFC 9457 problems with a
 * {@code code}. {@code sync} posts a {@link HostReport} and answers with the {@link HostSpec}, held open until its generation
 * is above {@link HostReport#appliedGeneration()} or {@link #HOLD} has passed. A newer sync of the same worker ends an older
 * held one, which is then answered with the current spec.
 */
public final class AgentApi {
    public static final String REGISTER = "/api/agent/v1/register";
    public static final String SYNC = "/api/agent/v1/sync";

    /** How long the orchestrator holds a sync; it doubles as heartbeat. */
    public static final Duration HOLD = Duration.ofSeconds(20);

    private AgentApi() {}
}
