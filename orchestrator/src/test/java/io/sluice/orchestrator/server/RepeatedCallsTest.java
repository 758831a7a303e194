package io.sluice.orchestrator.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** POSTs with an Idempotency-Key: done once, answered as often as asked. And what the API's document says of them. */
class RepeatedCallsTest extends ServerTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private record Reply(int status, boolean replayed, String location, JsonNode body) {}

    private Reply post(RestCaller caller, String path, String key, Map<String, Object> body) throws Exception {
        HttpRequest request = caller.request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)))
                .build();
        return reply(request);
    }

    private Reply reply(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        return new Reply(
                response.statusCode(),
                response.headers().firstValue("Idempotency-Replayed").isPresent(),
                response.headers().firstValue("Location").orElse(""),
                json.readTree(response.body()));
    }

    @Test
    void theSameCallIsDoneOnceAndAnsweredAgain() throws Exception {
        host("worker-1").register();
        String path = "/api/v1/workers/worker-1/drain";

        Reply first = post(operator, path, "k-1", Map.of("reason", "once"));
        assertThat(first.status()).as("%s", first).isEqualTo(202);
        assertThat(first.replayed()).isFalse();
        String drain = first.body().path("id").asString();
        operator.post("/api/v1/drains/" + drain + "/cancel", null);

        Reply again = post(operator, path, "k-1", Map.of("reason", "once"));
        assertThat(again.replayed()).isTrue();
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.location()).isEqualTo("/api/v1/drains/" + drain);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(operator.get("/api/v1/drains").body().path("items").size())
                .as("no second drain was begun")
                .isEqualTo(1);

        Reply another = post(operator, path, "k-2", Map.of("reason", "once"));
        assertThat(another.body().path("id").asString()).isNotEqualTo(drain);
    }

    @Test
    void aKeyBelongsToOneRequestOfOneOperator() throws Exception {
        host("worker-1").register();
        String path = "/api/v1/workers/worker-1/cordon";
        assertThat(post(operator, path, "k", Map.of()).status()).isEqualTo(200);

        Reply otherBody = post(operator, path, "k", Map.of("reason", "other"));
        assertThat(otherBody.status()).isEqualTo(422);
        assertThat(otherBody.body().path("code").asString()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(otherBody.body().path("detail").asString()).contains("'k'");
        Reply otherPath = post(operator, "/api/v1/workers/worker-1/uncordon", "k", Map.of());
        assertThat(otherPath.body().path("code").asString()).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        assertThat(post(as("rule"), "/api/v1/workers/worker-1/uncordon", "k", Map.of())
                        .status())
                .as("the admin's own key")
                .isEqualTo(200);
        Reply none = post(operator, path, "k".repeat(256), Map.of());
        assertThat(none.body().path("code").asString()).isEqualTo("INVALID_IDEMPOTENCY_KEY");
    }

    @Test
    void whatIsBeingAnsweredIsNotDoneTwice() throws Exception {
        host("worker-1").register();
        String path = "/api/v1/workers/worker-1/cordon";
        Reply first = post(operator, path, "k", Map.of());
        assertThat(first.status()).isEqualTo(200);

        sql.sql("update kept_answer set status = null, body = null").update();
        Reply busy = post(operator, path, "k", Map.of());
        assertThat(busy.status()).isEqualTo(409);
        assertThat(busy.body().path("code").asString()).isEqualTo("IDEMPOTENCY_KEY_BUSY");

        sql.sql("update kept_answer set begun_at = now() - interval '2 minutes'")
                .update();
        Reply taken = post(operator, path, "k", Map.of());
        assertThat(taken.status()).as("its server died").isEqualTo(200);
        assertThat(taken.replayed()).isFalse();

        sql.sql("update kept_answer set begun_at = now() - interval '25 hours'").update();
        assertThat(post(operator, path, "k", Map.of()).replayed())
                .as("forgotten after a day")
                .isFalse();
    }

    /** Every operation with a body or a key says so; the schemas of bodies are those that are read. */
    @Test
    void theDocumentSaysWhatIsTaken() throws Exception {
        Reply reply = reply(
                operator.request("/v3/api-docs").timeout(Duration.ofMinutes(2)).build());
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        JsonNode document = reply.body();
        assertThat(document.path("paths").propertyNames())
                .as("%s", reply)
                .contains("/api/v1/drains", "/api/v1/plans/{id}/others");

        JsonNode drains = document.path("paths").path("/api/v1/drains").path("post");
        assertThat(drains.path("parameters").toString()).contains("Idempotency-Key", "dryRun");
        assertThat(schema(drains)).endsWith("/DrainsRequest");
        assertThat(schema(document.path("paths").path("/api/v1/drains/{id}").path("patch")))
                .endsWith("/LimitsView");
        assertThat(schema(document.path("paths")
                        .path("/api/v1/workers/{id}/drain")
                        .path("post")))
                .endsWith("/DrainRequest");
        assertThat(schema(
                        document.path("paths").path("/api/v1/drains/{id}/pause").path("post")))
                .endsWith("/ReasonRequest");
        Set<String> fields = new TreeSet<>(document.path("components")
                .path("schemas")
                .path("LimitsView")
                .path("properties")
                .propertyNames());
        assertThat(fields)
                .containsExactly(
                        "deadline",
                        "deadlineMissed",
                        "maxConcurrentPerDestination",
                        "maxConcurrentPerSource",
                        "notBefore",
                        "priority",
                        "thirdParty",
                        "windows");
    }

    private static String schema(JsonNode operation) {
        return operation
                .path("requestBody")
                .path("content")
                .path("application/json")
                .path("schema")
                .path("$ref")
                .asString();
    }
}
