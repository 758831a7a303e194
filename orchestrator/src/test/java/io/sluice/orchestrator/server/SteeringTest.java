package io.sluice.orchestrator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.IncomingGoal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What operators do to drains and migrations under way, over HTTP, with hosts that do what they are told. */
class SteeringTest extends HostedServerTest {
    private JsonNode awaitState(String drain, String state) {
        return await(
                "/api/v1/drains/" + drain,
                body -> newest(body).path("state").asString().equals(state));
    }

    private static JsonNode newest(JsonNode drain) {
        JsonNode migrations = drain.path("migrations");
        return migrations.path(migrations.size() - 1);
    }

    private static List<String> codes(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(one -> one.path("code").asString())
                .toList();
    }

    private String drain(Map<String, Object> wish) {
        RestCaller.Reply reply = operator.post("/api/v1/workers/worker-1/drain", wish);
        assertThat(reply.status()).as("%s", reply).isEqualTo(202);
        return reply.text("id");
    }

    private JsonNode ask(String path, Map<String, Object> body) {
        RestCaller.Reply reply = operator.post("/api/v1" + path, body);
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        return reply.body();
    }

    private void assertRefused(RestCaller.Reply reply, int status, String code, String named) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(status);
        assertThat(reply.text("code")).as("%s", reply).isEqualTo(code);
        assertThat(reply.text("detail")).contains(named);
        assertThat(reply.text("remedy")).isNotBlank();
    }

    /** An hour of the day that is not this one. */
    private static String shutWindow() {
        Instant from = Instant.now().plus(6, ChronoUnit.HOURS);
        return from.atOffset(ZoneOffset.UTC).toLocalTime().withNano(0).withSecond(0) + "-"
                + from.plus(1, ChronoUnit.HOURS)
                        .atOffset(ZoneOffset.UTC)
                        .toLocalTime()
                        .withNano(0)
                        .withSecond(0);
    }

    @Test
    void nothingBeginsBeforeItsTimeAndAChangeLetsItGoOn() {
        connected(host("worker-1").workload("a"));
        connected(host("worker-2"));

        String id = drain(
                Map.of("notBefore", Instant.now().plus(1, ChronoUnit.HOURS).toString()));

        JsonNode scheduled = awaitPhase(id, "SCHEDULED");
        assertThat(codes(scheduled.path("holdUps"))).contains("DRAIN_NOT_YET");
        await(
                "/api/v1/drains/" + id,
                body -> newest(body).path("reason").path("code").asString().equals("DRAIN_NOT_YET"));
        assertThat(operator.get("/api/v1/workers/worker-1").text("drain"))
                .as("cordoned from now on")
                .isEqualTo(id);

        Map<String, Object> atOnce = new HashMap<>();
        atOnce.put("notBefore", null);
        assertThat(operator.send("PATCH", "/api/v1/drains/" + id, json.writeValueAsString(atOnce))
                        .status())
                .isEqualTo(200);
        awaitPhase(id, "DRAINED");
    }

    @Test
    void outsideOfItsWindowsItPreparesAndWaitsReady() {
        connected(host("worker-1").workload("a"));
        connected(host("worker-2"));

        String id = drain(Map.of("windows", List.of(shutWindow() + " UTC"), "reason", "only at night"));

        JsonNode ready = await(
                "/api/v1/drains/" + id,
                body -> newest(body).path("reason").path("code").asString().equals("WINDOW_CLOSED"));
        assertThat(newest(ready).path("state").asString()).isEqualTo("Ready");
        assertThat(newest(ready).path("reason").path("message").asString()).contains("opens at");
        assertThat(ready.path("holdUps").path(0).path("code").asString()).isEqualTo("WINDOW_CLOSED");

        operator.send("PATCH", "/api/v1/drains/" + id, "{\"windows\":[]}");
        awaitPhase(id, "DRAINED");
    }

    @Test
    void aPausedDrainBeginsNothingAndResumes() {
        connected(host("worker-1").workload("a"));
        FakeHost other = connected(host("worker-2"));
        other.stuckBefore = IncomingGoal.PREPARED;
        String id = drain(Map.of());
        awaitState(id, "Preparing");

        JsonNode paused = ask("/drains/" + id + "/pause", Map.of("reason", "lunch"));
        assertThat(paused.path("phase").asString()).isEqualTo("PAUSED");
        assertThat(paused.path("pausedAt").isNull()).isFalse();
        other.stuckBefore = null;
        other.sync();
        await(
                "/api/v1/drains/" + id,
                body -> newest(body).path("reason").path("code").asString().equals("DRAIN_PAUSED"));
        assertThat(ask("/drains/" + id + "/pause", Map.of()).path("phase").asString())
                .as("the same again")
                .isEqualTo("PAUSED");

        ask("/drains/" + id + "/resume", Map.of());
        awaitPhase(id, "DRAINED");
        JsonNode actions =
                operator.get("/api/v1/drains/" + id + "/actions").body().path("items");
        assertThat(StreamSupport.stream(actions.spliterator(), false)
                        .map(action -> action.path("action").asString() + " "
                                + action.path("actor").asString() + " "
                                + action.path("reason").asString()))
                .containsExactly("RESUME operator ", "PAUSE operator lunch", "START operator ");
    }

    @Test
    void aMissedDeadlinePausesUntilItIsMoved() {
        connected(host("worker-1").workload("a"));
        FakeHost other = connected(host("worker-2"));
        other.stuckBefore = IncomingGoal.PREPARED;
        Instant soon = Instant.now().plusMillis(1500);

        String id = drain(Map.of("deadline", soon.toString(), "deadlineMissed", "PAUSE"));
        awaitPhase(id, "PAUSED");
        other.stuckBefore = null;
        other.sync();
        JsonNode late = await(
                "/api/v1/drains/" + id,
                body -> newest(body).path("reason").path("code").asString().equals("DRAIN_DEADLINE_PASSED"));
        assertThat(newest(late).path("state").asString()).isEqualTo("Ready");
        assertRefused(operator.post("/api/v1/drains/" + id + "/resume", null), 409, "DEADLINE_PASSED", id);

        operator.send("PATCH", "/api/v1/drains/" + id, "{\"deadline\":null}");
        awaitPhase(id, "DRAINED");
    }

    @Test
    void aMissedDeadlineOfTheOtherKindOnlySaysSo() {
        connected(host("worker-1").workload("a"));
        FakeHost other = connected(host("worker-2"));
        other.stuckBefore = IncomingGoal.HYDRATED;

        String id = drain(Map.of("deadline", Instant.now().plusMillis(1500).toString()));

        await("/api/v1/drains/" + id, body -> codes(body.path("holdUps")).contains("DRAIN_LATE"));
        other.stuckBefore = null;
        other.sync();
        awaitPhase(id, "DRAINED");
    }

    @Test
    void aHeldMigrationWaitsAndGoesOn() {
        connected(host("worker-1").workload("a"));
        FakeHost other = connected(host("worker-2"));
        other.stuckBefore = IncomingGoal.PREPARED;
        String id = drain(Map.of());
        String migration = newest(awaitState(id, "Preparing")).path("id").asString();

        assertThat(ask("/migrations/" + migration + "/hold", Map.of("reason", "ask the owner"))
                        .path("intent")
                        .asString())
                .isEqualTo("HOLD");
        other.stuckBefore = null;
        other.sync();
        await(
                "/api/v1/migrations/" + migration,
                body -> body.path("reason").path("code").asString().equals("HELD_BY_OPERATOR"));

        ask("/migrations/" + migration + "/resume", Map.of());
        awaitPhase(id, "DRAINED");
        assertRefused(
                operator.post("/api/v1/migrations/" + migration + "/hold", null), 409, "MIGRATION_ENDED", migration);
    }

    @Test
    void anAbortedMigrationStaysWhereItIsUntilItIsRetried() {
        connected(host("worker-1").workload("a"));
        FakeHost other = connected(host("worker-2"));
        other.stuckBefore = IncomingGoal.CLONED;
        String id = drain(Map.of());
        String migration = newest(awaitState(id, "Cloning")).path("id").asString();
        assertRefused(
                operator.post("/api/v1/migrations/" + migration + "/hold", null),
                409,
                "MIGRATION_IN_CUTOVER",
                migration);
        assertRefused(
                operator.post("/api/v1/migrations/" + migration + "/retry", null),
                409,
                "MIGRATION_NOT_ABORTED",
                migration);

        ask("/migrations/" + migration + "/abort", Map.of());
        JsonNode blocked = await(
                "/api/v1/drains/" + id, body -> codes(body.path("refusals")).contains("ABORTED_BY_OPERATOR"));
        assertThat(blocked.path("migrations").size()).isEqualTo(1);
        assertThat(newest(blocked).path("state").asString()).isEqualTo("Aborted");

        other.stuckBefore = null;
        JsonNode second = ask("/migrations/" + migration + "/retry", Map.of());
        assertThat(second.path("id").asString()).isNotEqualTo(migration);
        assertThat(second.path("attempt").asInt()).isEqualTo(2);
        awaitPhase(id, "DRAINED");
    }

    @Test
    void whatHasCutOverCannotBeAborted() {
        connected(host("worker-1").workload("a"));
        FakeHost other = connected(host("worker-2"));
        other.stuckBefore = IncomingGoal.HYDRATED;
        String id = drain(Map.of());
        String migration = newest(awaitState(id, "Hydrating")).path("id").asString();

        assertRefused(
                operator.post("/api/v1/migrations/" + migration + "/abort", null),
                409,
                "MIGRATION_FORWARD_ONLY",
                migration);
        JsonNode paused = ask("/drains/" + id + "/pause", Map.of());
        assertThat(paused.path("phase").asString()).as("it goes on hydrating").isEqualTo("EVACUATED");
        other.stuckBefore = null;
        other.sync();
        awaitPhase(id, "DRAINED");
    }

    @Test
    void whatWasGivenUpIsTriedAgainOnceTheHostIsRepaired() {
        connected(host("worker-1").workload("a"));
        FakeHost other = connected(host("worker-2"));
        other.stuckBefore = IncomingGoal.PREPARED;
        other.failure = new FailureReport(null, "POOL_BROKEN", "the pool cannot be written", FailureKind.ABORT, 1, 1);
        String id = drain(Map.of());
        JsonNode blocked = await(
                "/api/v1/drains/" + id, body -> codes(body.path("refusals")).contains("POOL_BROKEN"));
        String last = newest(blocked).path("id").asString();

        other.failure = null;
        other.stuckBefore = null;
        other.sync();
        ask("/migrations/" + last + "/retry", Map.of());

        awaitPhase(id, "DRAINED");
    }

    @Test
    void limitsAreRaisedWhileItRuns() {
        connected(host("worker-1").workload("a").workload("b").workload("c"));
        FakeHost other = connected(host("worker-2"));
        other.stuckBefore = IncomingGoal.PREPARED;
        String id = drain(Map.of("maxConcurrentPerSource", 1, "maxConcurrentPerDestination", 3));
        await(
                "/api/v1/drains/" + id,
                body -> body.path("counts").path("running").asInt() == 1);

        RestCaller.Reply changed =
                operator.send("PATCH", "/api/v1/drains/" + id, "{\"maxConcurrentPerSource\":3,\"priority\":7}");

        assertThat(changed.status()).as("%s", changed).isEqualTo(200);
        assertThat(changed.body().path("limits").path("maxConcurrentPerSource").asInt())
                .isEqualTo(3);
        assertThat(changed.body()
                        .path("limits")
                        .path("maxConcurrentPerDestination")
                        .asInt())
                .as("left as it was")
                .isEqualTo(3);
        assertThat(changed.body().path("limits").path("priority").asInt()).isEqualTo(7);
        await(
                "/api/v1/drains/" + id,
                body -> body.path("counts").path("running").asInt() == 3);
    }

    @Test
    void aTimeCountedFromNowIsCountedByTheStoresClock() {
        connected(host("worker-1").workload("a"));

        String id = drain(Map.of("notBefore", "+PT1H", "deadline", "+P1DT2H"));

        JsonNode begun = operator.get("/api/v1/drains/" + id).body();
        assertThat(sinceBegun(begun, "notBefore")).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(60));
        assertThat(sinceBegun(begun, "deadline")).isBetween(Duration.ofMinutes(1559), Duration.ofMinutes(1560));

        JsonNode changed = operator.send("PATCH", "/api/v1/drains/" + id, "{\"notBefore\":\"+PT2H\"}")
                .body();
        assertThat(sinceBegun(changed, "notBefore")).isBetween(Duration.ofMinutes(120), Duration.ofMinutes(125));
        assertThat(changed.path("limits").path("deadline"))
                .isEqualTo(begun.path("limits").path("deadline"));
    }

    private static Duration sinceBegun(JsonNode drain, String limit) {
        return Duration.between(
                Instant.parse(drain.path("createdAt").asString()),
                Instant.parse(drain.path("limits").path(limit).asString()));
    }

    @Test
    void wrongLimitsAreNamed() {
        connected(host("worker-1"));
        String worker = "/api/v1/workers/worker-1/drain";
        String past = Instant.now().minusSeconds(60).toString();

        assertRefused(operator.post(worker, Map.of("prioritty", 1)), 400, "MALFORMED_BODY", "prioritty");
        assertRefused(operator.post(worker, Map.of("priority", 101)), 422, "INVALID_REQUEST", "priority");
        assertRefused(operator.post(worker, Map.of("mode", "PARTLY")), 400, "MALFORMED_BODY", "mode");
        assertRefused(operator.post(worker, Map.of("notBefore", "soon")), 400, "MALFORMED_BODY", "notBefore");
        assertRefused(operator.post(worker, Map.of("notBefore", "+PT-1H")), 400, "MALFORMED_BODY", "notBefore");
        assertRefused(operator.post(worker, Map.of("deadline", "+P9999D")), 400, "MALFORMED_BODY", "deadline");
        assertRefused(
                operator.post(worker, Map.of("windows", List.of("22:00-04:00 UTC", "never"))),
                422,
                "INVALID_REQUEST",
                "windows[1]: 'never'");
        assertRefused(operator.post(worker, Map.of("deadline", past)), 422, "INVALID_REQUEST", "deadline " + past);
        String id = drain(Map.of());
        assertRefused(
                operator.send("PATCH", "/api/v1/drains/" + id, "{\"priority\":\"high\"}"),
                400,
                "MALFORMED_BODY",
                "priority");
        assertRefused(operator.send("PATCH", "/api/v1/drains/" + id, "[]"), 400, "MALFORMED_BODY", "no JSON object");
        assertRefused(as("look").send("PATCH", "/api/v1/drains/" + id, "{}"), 403, "FORBIDDEN", "PATCH");
    }

    @Test
    void maintenanceGivesTheWorkerBackAsItWas() {
        connected(host("worker-1").workload("a"));
        connected(host("worker-2"));
        operator.post("/api/v1/workers/worker-1/cordon", null);
        String id = drain(Map.of("mode", "MAINTENANCE"));
        awaitPhase(id, "DRAINED");

        JsonNode first = ask("/workers/worker-1/uncordon", Map.of());
        assertThat(first.path("drain").isNull()).isTrue();
        assertThat(first.path("status").asString())
                .as("the operator's own cordon")
                .isEqualTo("CORDONED");
        assertThat(ask("/workers/worker-1/uncordon", Map.of()).path("status").asString())
                .isEqualTo("ACTIVE");
    }

    @Test
    void decommissionIsThroughOnlyWithoutRetiredCopiesAndKeepsTheWorker() {
        connected(host("worker-1").workload("a"));
        connected(host("worker-2"));
        String id = drain(Map.of("mode", "DECOMMISSION"));

        JsonNode retaining = awaitPhase(id, "RETAINING");
        assertThat(retaining.path("safeToPowerOff").path("value").asBoolean()).isFalse();
        assertThat(codes(retaining.path("safeToPowerOff").path("blockers"))).containsExactly("RETIRED_COPY_KEPT");

        ask("/retained-copies/worker-1/a-data/0/delete", Map.of("confirm", "a-data"));
        awaitPhase(id, "DRAINED");
        assertRefused(
                operator.post("/api/v1/workers/worker-1/uncordon", null), 409, "WORKER_DECOMMISSIONED", "worker-1");

        assertThat(ask("/drains/" + id + "/cancel", Map.of("reason", "it stays after all"))
                        .path("phase")
                        .asString())
                .isEqualTo("CANCELLED");
        assertThat(operator.get("/api/v1/workers/worker-1").text("status")).isEqualTo("ACTIVE");
    }
}
