package io.sluice.orchestrator.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import tools.jackson.databind.JsonNode;

/** A server with hosts that do what they are told, and the waiting for what comes of it. */
abstract class HostedServerTest extends ServerTest {
    private final List<FakeHost> hosts = new ArrayList<>();

    /** How long anything waited for may take. */
    Duration limit() {
        return Duration.ofSeconds(30);
    }

    @AfterEach
    void stopHosts() {
        hosts.forEach(FakeHost::close);
    }

    FakeHost live(FakeHost host) {
        return begun(host.register());
    }

    /** A registered host comes to life, until the test ends. */
    FakeHost begun(FakeHost registered) {
        hosts.add(registered);
        return registered.live();
    }

    /** As {@link #live}; the server has heard of it when this returns. */
    FakeHost connected(FakeHost host) {
        live(host);
        await("/api/v1/workers/" + host.id(), worker -> worker.path("connected").asBoolean());
        return host;
    }

    JsonNode await(String path, Predicate<JsonNode> wanted) {
        Instant end = Instant.now().plus(limit());
        JsonNode last = operator.get(path).body();
        while (!wanted.test(last)) {
            assertThat(Instant.now())
                    .as("waiting for %s, last seen: %s", path, last)
                    .isBefore(end);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            last = operator.get(path).body();
        }
        return last;
    }

    JsonNode awaitPhase(String drain, String phase) {
        return await(
                "/api/v1/drains/" + drain, body -> body.path("phase").asString().equals(phase));
    }
}
