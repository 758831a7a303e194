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
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The calls over HTTP(S), JSON both ways; a key the agent does not know yet is passed over. A call that gets no answer to work with
 * fails, and the next one goes to the next replica; which replica it is makes no difference, for they share one memory.
 */
public final class HttpOrchestrator implements Orchestrator, AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    /** A held call that is silent for so much longer than the hold has lost its connection. */
    private static final Duration ANSWER_LIMIT = AgentApi.HOLD.plusSeconds(10);

    /**
     * A replica ends an overtaken call as soon as it has looked at the newer one. Where it has not by then, either somebody between
     * gave the two calls to two replicas, or this one hangs.
     */
    private static final Duration OVERTAKEN_LIMIT = Duration.ofSeconds(3);

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final OrchestratorAddress address;
    private final Replicas replicas;
    private final Duration overtakenLimit;
    private final HttpClient client;
    private final Set<Sync> syncs = ConcurrentHashMap.newKeySet();
    private final JsonMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public HttpOrchestrator(OrchestratorAddress address) {
        this(address, new Replicas(address.urls(), System::nanoTime), OVERTAKEN_LIMIT);
    }

    HttpOrchestrator(OrchestratorAddress address, Replicas replicas, Duration overtakenLimit) {
        this.address = address;
        this.replicas = replicas;
        this.overtakenLimit = overtakenLimit;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_LIMIT);
        if (address.caFile() != null) {
            builder.sslContext(TrustedAuthority.context(address.caFile()));
        }
        this.client = builder.build();
    }

    /** One sync that is under way. */
    private static final class Sync {
        private final Replicas.Replica replica;
        private final HostReport report;
        private final CompletableFuture<HttpResponse<String>> answer;
        private volatile CallFailedException.@Nullable Cause givenUp;

        Sync(Replicas.Replica replica, HostReport report, CompletableFuture<HttpResponse<String>> answer) {
            this.replica = replica;
            this.report = report;
            this.answer = answer;
        }

        void giveUp(CallFailedException.Cause why) {
            givenUp = why;
            answer.cancel(true);
        }
    }

    @Override
    public RegisterResponse register(RegisterRequest request) {
        Replicas.Replica replica = replicas.current();
        String call = "POST " + replica.url() + AgentApi.REGISTER;
        var answer = send(replica, AgentApi.REGISTER, address.joinToken(), request);
        return answered(replica, call, () -> read(call, answer.get(), RegisterResponse.class));
    }

    @Override
    public HostSpec sync(String credential, HostReport report) {
        Replicas.Replica replica = replicas.current();
        String call = "POST " + replica.url() + AgentApi.SYNC;
        Sync mine = new Sync(replica, report, send(replica, AgentApi.SYNC, credential, report));
        syncs.forEach(older -> overtake(older, mine));
        syncs.add(mine);
        try {
            return answered(replica, call, () -> read(call, mine.answer.get(), HostSpec.class));
        } catch (CancellationException e) {
            CallFailedException.Cause why = mine.givenUp;
            throw new CallFailedException(
                    why == null ? CallFailedException.Cause.AWAY : why,
                    call + ": given up, an overtaken call was not ended within " + overtakenLimit.toMillis() + " ms",
                    e);
        } finally {
            syncs.remove(mine);
        }
    }

    /** In a while the older call is given up; and its replica too, if that has not answered the newer one either. */
    private void overtake(Sync older, Sync newer) {
        if (older.report.sequence() > newer.report.sequence()) {
            return;
        }
        CompletableFuture.delayedExecutor(overtakenLimit.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> {
                    if (older.answer.isDone()) {
                        return;
                    }
                    if (older.replica.equals(newer.replica) && !newer.answer.isDone() && replicas.several()) {
                        replicas.leave(newer.replica, "it hangs");
                        newer.giveUp(CallFailedException.Cause.AWAY);
                    }
                    older.giveUp(CallFailedException.Cause.OVERTAKEN);
                });
    }

    private CompletableFuture<HttpResponse<String>> send(
            Replicas.Replica replica, String path, String bearer, Object body) {
        HttpRequest request = HttpRequest.newBuilder(
                        replica.url().resolve(replica.url().getPath() + path))
                .timeout(ANSWER_LIMIT)
                .header("Authorization", "Bearer " + bearer)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, application/problem+json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build();
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private interface Waiting<T> {
        T answer() throws ExecutionException, InterruptedException;
    }

    /** What keeps a replica from answering makes the next call go to the next one. */
    private <T> T answered(Replicas.Replica replica, String call, Waiting<T> waiting) {
        try {
            return waiting.answer();
        } catch (CallFailedException e) {
            if (e.kind() == CallFailedException.Cause.AWAY) {
                replicas.leave(replica, String.valueOf(e.getMessage()));
            }
            throw e;
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof IOException)) {
                throw new IllegalStateException(call + " broke", e.getCause());
            }
            replicas.leave(replica, String.valueOf(e.getCause()));
            throw new CallFailedException(CallFailedException.Cause.AWAY, call + ": " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CallFailedException(CallFailedException.Cause.AWAY, "the agent stops", e);
        }
    }

    private <T> T read(String call, HttpResponse<String> response, Class<T> type) {
        if (response.statusCode() / 100 != 2) {
            throw refused(call, response);
        }
        try {
            return json.readValue(response.body(), type);
        } catch (JacksonException e) {
            throw new CallFailedException(
                    CallFailedException.Cause.AWAY,
                    call + ": its answer is not of this contract: " + e.getOriginalMessage(),
                    e);
        }
    }

    private CallFailedException refused(String call, HttpResponse<String> response) {
        int status = response.statusCode();
        boolean notAdmitted = status == UNAUTHORIZED || status == FORBIDDEN;
        CallFailedException.Cause kind = notAdmitted
                ? CallFailedException.Cause.NOT_ADMITTED
                : status >= 500 ? CallFailedException.Cause.AWAY : CallFailedException.Cause.REFUSED;
        return new CallFailedException(kind, call + ": status " + status + problem(response.body()), null);
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
