package io.sluice.orchestrator.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.sluice.orchestrator.alert.Deliveries;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** Webhooks over real HTTP, from what happens to what arrives; and the rules that ship for Prometheus. */
class AlertsTest extends ServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private record Received(String signature, String notice, String body) {}

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile int answer = 204;
    private HttpServer receiver;
    private RestCaller admin;

    @Autowired
    Deliveries deliveries;

    @BeforeEach
    void listen() throws IOException {
        for (String table : List.of("delivery", "notice", "webhook", "alarm")) {
            sql.sql("delete from " + table).update();
        }
        admin = as("rule");
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/hook", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(new Received(
                    exchange.getRequestHeaders().getFirst("Sluice-Signature"),
                    exchange.getRequestHeaders().getFirst("Sluice-Notice"),
                    body));
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
        sql.sql("delete from webhook").update();
    }

    private JsonNode hook(List<String> kinds) {
        String url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/hook";
        RestCaller.Reply reply = admin.post("/api/v1/webhooks", Map.of("url", url, "kinds", kinds));
        assertThat(reply.status()).as("%s", reply).isEqualTo(201);
        return reply.body();
    }

    private static void await(String what, BooleanSupplier condition) {
        Instant end = Instant.now().plus(LIMIT);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waiting until %s", what).isBefore(end);
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private List<String> kinds() {
        return received.stream()
                .map(one -> json.readTree(one.body()).path("kind").asString())
                .toList();
    }

    @Test
    void onlyAnAdminManagesWebhooksAndTheSecretIsShownOnce() {
        assertThat(operator.post("/api/v1/webhooks", Map.of("url", "http://example.org/"))
                        .status())
                .isEqualTo(403);
        for (String wrong : List.of("", "ftp://host/", "http://", "http://user:password@host/")) {
            assertThat(admin.post("/api/v1/webhooks", Map.of("url", wrong)).status())
                    .as("'%s'", wrong)
                    .isEqualTo(422);
        }
        JsonNode made = hook(List.of());
        String path = "/api/v1/webhooks/" + made.path("id").asString();
        assertThat(made.path("secret").asString()).hasSizeGreaterThan(40);
        assertThat(operator.get(path).body().path("secret").isNull()).isTrue();

        JsonNode rotated = admin.post(path + "/rotate", null).body();
        assertThat(rotated.path("secret").asString())
                .isNotEqualTo(made.path("secret").asString());
        assertThat(rotated.path("keyId").asString())
                .isNotEqualTo(made.path("keyId").asString());
        assertThat(admin.send("DELETE", path, null).status()).isEqualTo(204);
        assertThat(admin.get(path).status()).isEqualTo(404);
    }

    @Test
    void whatIsSentIsSignedOverTimeAndBody() throws GeneralSecurityException {
        JsonNode made = hook(List.of());
        admin.post("/api/v1/webhooks/" + made.path("id").asString() + "/test", null);
        await("the test notice arrives", () -> kinds().contains("test"));

        Received one = received.getFirst();
        Matcher parts =
                Pattern.compile("t=([0-9]+),k=([^,]+),v1=([0-9a-f]{64})").matcher(one.signature());
        assertThat(parts.matches()).as(one.signature()).isTrue();
        assertThat(parts.group(2)).isEqualTo(made.path("keyId").asString());
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(made.path("secret").asString().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        byte[] digest = mac.doFinal((parts.group(1) + "." + one.body()).getBytes(StandardCharsets.UTF_8));
        assertThat(parts.group(3)).isEqualTo(HexFormat.of().formatHex(digest));
        assertThat(Instant.ofEpochSecond(Long.parseLong(parts.group(1))))
                .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    }

    @Test
    void aDrainsMilestonesArriveInOrderThoughTheReceiverFailsAtFirst() {
        answer = 500;
        JsonNode made = hook(List.of("drain"));
        FakeHost alive = host("worker-1");
        alive.register();
        alive.sync();
        String drain = operator.post("/api/v1/workers/worker-1/drain", null).text("id");
        await("a delivery failed", () -> !received.isEmpty());
        await(
                "the failure is shown",
                () -> !admin.get("/api/v1/webhooks/" + made.path("id").asString())
                        .body()
                        .path("lastError")
                        .isNull());
        answer = 204;
        sql.sql("update delivery set next_at = now()").update();

        await("it is told that the worker is drained", () -> kinds().contains("drain.drained"));
        List<String> numbers =
                received.stream().map(Received::notice).distinct().toList();
        assertThat(numbers)
                .isSortedAccordingTo((one, other) -> Long.compare(Long.parseLong(one), Long.parseLong(other)));
        assertThat(kinds().stream().distinct().toList())
                .containsSubsequence("drain.started", "drain.evacuated", "drain.drained");
        assertThat(json.readTree(received.getFirst().body()).path("subject").asString())
                .isEqualTo(drain);
    }

    @Test
    void aNoticeThatCannotBeDeliveredIsGivenUpVisiblyAndTriedAgainOnRequest() {
        answer = 500;
        JsonNode made = hook(List.of());
        String path = "/api/v1/webhooks/" + made.path("id").asString();
        admin.post(path + "/test", null);
        await("it was tried", () -> !received.isEmpty());
        sql.sql("update delivery set attempts = 149, next_at = now()").update();
        await("it is given up", () -> admin.get(path).body().path("dead").asInt() == 1);

        answer = 204;
        int before = received.size();
        assertThat(admin.post(path + "/retry", null).body().path("retried").asInt())
                .isEqualTo(1);
        await(
                "it arrives after all",
                () -> received.size() > before
                        && admin.get(path).body().path("dead").asInt() == 0
                        && admin.get(path).body().path("pending").asInt() == 0);
    }

    @Test
    void whatWaitsIsBounded() {
        JsonNode made = hook(List.of());
        sql.sql("update webhook set enabled = true, leased_until = now() + interval '1 hour'")
                .update();
        sql.sql("""
                        insert into notice (kind, subject, body) select 'alarm.raised', 's' || n, '{}'
                        from generate_series(1, 10005) n""").update();

        deliveries.bound();

        JsonNode shown =
                admin.get("/api/v1/webhooks/" + made.path("id").asString()).body();
        assertThat(shown.path("dead").asInt()).isEqualTo(5);
        assertThat(shown.path("pending").asInt()).isEqualTo(10_000);
    }

    @Test
    void aLostWorkerIsAlarmingAndToldAndSoIsItsReturn() {
        hook(List.of("alarm"));
        FakeHost lost = host("worker-1");
        lost.register();
        lost.sync();
        sql.sql("update worker set last_seen = now() - interval '1 hour'").update();

        await("it is told", () -> kinds().contains("alarm.raised"));
        JsonNode alarm = operator.get("/api/v1/alarms").body().path("items").get(0);
        assertThat(alarm.path("kind").asString()).isEqualTo("WORKER_LOST");
        assertThat(alarm.path("subject").asString()).isEqualTo("worker-1");
        assertThat(alarm.path("remedy").asString()).isNotBlank();

        sql.sql("update worker set last_seen = now()").update();
        await("it is told that it is over", () -> kinds().contains("alarm.cleared"));
        assertThat(operator.get("/api/v1/alarms").body().path("items").isEmpty())
                .isTrue();
    }

    @Test
    void aWorkerThatIsWrittenOffIsNoAlarmAnyMore() {
        FakeHost lost = host("worker-1");
        lost.register();
        lost.sync();
        sql.sql("update worker set last_seen = now() - interval '1 hour'").update();
        await(
                "it is alarming",
                () -> !operator.get("/api/v1/alarms").body().path("items").isEmpty());

        assertThat(operator.post("/api/v1/workers/worker-1/write-off", null).status())
                .isEqualTo(200);

        await(
                "that is over",
                () -> operator.get("/api/v1/alarms").body().path("items").isEmpty());
    }

    /** A rule on a metric that does not exist never fires, and nobody notices. */
    @Test
    void everyMetricOfTheRulesThatShipIsThere() throws IOException {
        String rules = Files.readString(Path.of("../deploy/prometheus/sluice.rules.yml"));
        String metrics = as("look").get("/actuator/prometheus").body().asString();
        Set<String> named = new TreeSet<>();
        Pattern.compile("sluice_[a-z_]+").matcher(rules).results().forEach(found -> named.add(found.group()));

        assertThat(named).hasSizeGreaterThan(5);
        assertThat(named).allSatisfy(name -> assertThat(metrics).containsPattern("(?m)^" + name + "[{ ]"));
        Pattern.compile("kind=\"([A-Z_]+)\"")
                .matcher(rules)
                .results()
                .forEach(kind -> assertThat(metrics).contains("sluice_alarms{kind=\"" + kind.group(1) + "\"}"));
    }
}
