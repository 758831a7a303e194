package io.sluice.orchestrator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.orchestrator.migration.MigrationState;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What holds for every REST call: who may, what a problem looks like, streams that go on after a break, metrics. */
class RestTest extends ServerTest {
    private final List<FakeHost> hosts = new ArrayList<>();

    @AfterEach
    void stopHosts() {
        hosts.forEach(FakeHost::close);
    }

    private static void assertProblem(RestCaller.Reply reply, int status, String code, String named) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(status);
        assertThat(reply.type()).startsWith("application/problem+json");
        assertThat(reply.text("code")).isEqualTo(code);
        assertThat(reply.text("detail")).contains(named);
        assertThat(reply.text("remedy")).isNotBlank();
        assertThat(reply.body().path("status").asInt()).isEqualTo(status);
    }

    @Test
    void refusesAWrongTokenAndNoneAsProblems() {
        for (String path : List.of("/api/v1/workers", "/api/v1/drains/d-1", "/actuator/prometheus")) {
            assertProblem(as("wrong").get(path), 401, "UNAUTHORIZED", "token");
            assertProblem(as("").get(path), 401, "UNAUTHORIZED", "token");
        }
        assertThat(as("").get("/actuator/health").status()).isEqualTo(200);
    }

    @Test
    void letsAViewerLookAndChangeNothing() {
        host("worker-1").register();

        assertThat(as("look").get("/api/v1/workers").status()).isEqualTo(200);
        assertProblem(as("look").post("/api/v1/workers/worker-1/cordon", null), 403, "FORBIDDEN", "cordon");
        assertThat(operator.get("/api/v1/workers/worker-1")
                        .body()
                        .path("cordoned")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void listsEveryStateOfTheMachine() {
        assertThat(operator.get("/api/v1/migration-states").body().path("items").valueStream())
                .extracting(state -> state.path("state").asString())
                .containsExactlyElementsOf(
                        MigrationState.all().stream().map(MigrationState::title).toList());
    }

    @Test
    void namesWhatThereIsNot() {
        assertProblem(operator.get("/api/v1/workers/nobody"), 404, "UNKNOWN_WORKER", "nobody");
        assertProblem(operator.post("/api/v1/workers/nobody/drain", null), 404, "UNKNOWN_WORKER", "nobody");
        assertProblem(operator.get("/api/v1/drains/nothing"), 404, "UNKNOWN_DRAIN", "nothing");
        assertProblem(operator.get("/api/v1/migrations/nothing"), 404, "UNKNOWN_MIGRATION", "nothing");
    }

    @Test
    void namesTheFieldOfARequestThatIsWrong() {
        host("worker-1").register();
        String drain = "/api/v1/workers/worker-1/drain";

        assertProblem(
                operator.post(drain, Map.of("maxConcurrentPerSource", "many")),
                400,
                "MALFORMED_BODY",
                "maxConcurrentPerSource");
        assertProblem(operator.send("POST", drain, "{"), 400, "MALFORMED_BODY", "body");
        assertProblem(
                operator.post(drain, Map.of("maxConcurrentPerDestination", 0)),
                422,
                "INVALID_REQUEST",
                "maxConcurrentPerDestination");
        assertProblem(operator.post(drain + "?dryRun=perhaps", null), 400, "INVALID_PARAMETER", "dryRun");
    }

    @Test
    void goesOnWithAStreamOfEventsWhereItBroke() throws Exception {
        String id = drained();

        List<Long> all = cursors(id, "", null, 10);
        assertThat(all).isSorted().doesNotHaveDuplicates();

        assertThat(cursors(id, "", all.get(3).toString(), 6)).isEqualTo(all.subList(4, 10));
        assertThat(cursors(id, "?after=" + all.get(7), null, 2)).isEqualTo(all.subList(8, 10));
        assertProblem(operator.get("/api/v1/drains/" + id + "/events?after=soon"), 400, "INVALID_CURSOR", "after");
    }

    /** The ids of the stream's first transitions. */
    private List<Long> cursors(String drain, String query, @Nullable String last, int count)
            throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response = operator.stream("/api/v1/drains/" + drain + "/events" + query, last);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        try (Stream<String> lines = response.body()) {
            return lines.filter(line -> line.startsWith("id:"))
                    .limit(count)
                    .map(line -> Long.valueOf(line.substring("id:".length()).strip()))
                    .toList();
        }
    }

    @Test
    void countsWhatMovedForPrometheus() throws Exception {
        drained();

        RestCaller.Reply reply = as("look").get("/actuator/prometheus");

        assertThat(reply.status()).isEqualTo(200);
        String metrics = reply.body().asString();
        assertThat(metrics)
                .contains("sluice_migration_transitions_total{from=\"Stopping\",to=\"Cloning\"}")
                .contains("sluice_migration_state_duration_seconds_count{state=\"Hydrating\"}")
                .contains("sluice_sync_decided_seconds_bucket")
                .contains("sluice_exposure_bytes 0.0")
                .containsPattern("sluice_hydrated_bytes_total " + number(FakeHost.VOLUME))
                .containsPattern("sluice_copied_bytes_total " + number(FakeHost.VOLUME / 2))
                .containsPattern("sluice_sync_held [0-9]");
    }

    private static String number(long bytes) {
        return Double.toString((double) bytes).replace(".", "\\.");
    }

    /** A drain of one workload that is through. */
    private String drained() throws InterruptedException {
        hosts.add(host("worker-1").workload("db").register().live());
        hosts.add(host("worker-2").register().live());
        await("/api/v1/workers/worker-1", "connected", "true");
        await("/api/v1/workers/worker-2", "connected", "true");
        String id = operator.post("/api/v1/workers/worker-1/drain", null).text("id");
        await("/api/v1/drains/" + id, "phase", "DRAINED");
        return id;
    }

    private void await(String path, String field, String value) throws InterruptedException {
        JsonNode last = operator.get(path).body();
        for (int i = 0; i < 1000 && !last.path(field).asString().equals(value); i++) {
            Thread.sleep(20);
            last = operator.get(path).body();
        }
        assertThat(last.path(field).asString()).as("%s", last).isEqualTo(value);
    }
}
