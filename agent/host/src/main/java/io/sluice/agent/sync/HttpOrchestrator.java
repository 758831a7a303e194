package io.sluice.agent.sync;

import io.sluice.agent.api.AgentApi;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.RegisterResponse;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The calls over HTTP(S), JSON both ways; a key the agent does not know yet is passed over. */
public final class HttpOrchestrator implements Orchestrator, AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    /** A held call that is silent for so much longer than the hold has lost its connection. */
    private static final Duration ANSWER_LIMIT = AgentApi.HOLD.plusSeconds(10);

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final OrchestratorAddress address;
    private final HttpClient client;
    private final JsonMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public HttpOrchestrator(OrchestratorAddress address) {
        this.address = address;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_LIMIT);
        if (address.caFile() != null) {
            builder.sslContext(TrustedAuthority.context(address.caFile()));
        }
        this.client = builder.build();
    }

    @Override
    public RegisterResponse register(RegisterRequest request) {
        return post(AgentApi.REGISTER, address.joinToken(), request, RegisterResponse.class);
    }

    @Override
    public HostSpec sync(String credential, HostReport report) {
        return post(AgentApi.SYNC, credential, report, HostSpec.class);
    }

    private <T> T post(String path, String bearer, Object body, Class<T> answer) {
        HttpRequest request = HttpRequest.newBuilder(
                        address.url().resolve(address.url().getPath() + path))
                .timeout(ANSWER_LIMIT)
                .header("Authorization", "Bearer " + bearer)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, application/problem+json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build();
        try {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            if (response.statusCode() / 100 == 2) {
                return json.readValue(response.body(), answer);
            }
            throw refused(path, response);
        } catch (IOException e) {
            throw new CallFailedException(CallFailedException.Cause.AWAY, "POST " + address.url() + path + ": " + e, e);
        } catch (JacksonException e) {
            throw new CallFailedException(
                    CallFailedException.Cause.AWAY,
                    "POST " + address.url() + path + ": its answer is not of this contract: " + e.getOriginalMessage(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallFailedException(CallFailedException.Cause.AWAY, "the agent stops", e);
        }
    }

    private CallFailedException refused(String path, HttpResponse<String> response) {
        int status = response.statusCode();
        boolean notAdmitted = status == UNAUTHORIZED || status == FORBIDDEN;
        CallFailedException.Cause kind = notAdmitted
                ? CallFailedException.Cause.NOT_ADMITTED
                : status >= 500 ? CallFailedException.Cause.AWAY : CallFailedException.Cause.REFUSED;
        return new CallFailedException(
                kind, "POST " + address.url() + path + ": status " + status + problem(response.body()), null);
    }

    /** The words of an RFC 9457 problem, if it is one. */
    private String problem(String body) {
        try {
            Map<?, ?> problem = json.readValue(body, Map.class);
            return ", code " + problem.get("code") + ", " + problem.get("detail");
        } catch (JacksonException e) {
            return "";
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
