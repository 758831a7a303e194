package io.sluice.orchestrator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.IncomingGoal;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Drains that may move others' volumes to make room, over HTTP and in PostgreSQL. What leaves worker-1 may not go to worker-3, where a
 * member of its group is, and worker-2 is full: but what stands there could stand on worker-3.
 */
class ThirdPartyTest extends HostedServerTest {
    private static final String DRAIN = "/api/v1/workers/worker-1/drain";
    private static final Map<String, Object> ONE = Map.of("volumes", 1, "bytes", FakeHost.VOLUME);

    private FakeHost full = host("worker-2");
    private FakeHost roomy = host("worker-3");

    @BeforeEach
    void aTightFleet() {
        connected(host("worker-1").workload("a", "g"));
        full = connected(host("worker-2").room(2).workload("s"));
        roomy = connected(host("worker-3").workload("m", "g"));
    }

    private static List<String> each(JsonNode list, String... fields) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(one -> String.join(
                        " ",
                        List.of(fields).stream()
                                .map(field -> one.path(field).asString())
                                .toList()))
                .toList();
    }

    private JsonNode begun(Map<String, Object> wish) {
        RestCaller.Reply reply = operator.post(DRAIN, wish);
        assertThat(reply.status()).as("%s", reply).isEqualTo(202);
        return reply.body();
    }

    private JsonNode migrations(String drain) {
        return operator.get("/api/v1/drains/" + drain).body().path("migrations");
    }

    @Test
    void aTightFleetIsDrainedOnceOthersMayMove() {
        String drain = begun(Map.of("keepCopies", true)).path("id").asString();
        JsonNode blocked = awaitPhase(drain, "BLOCKED");
        assertThat(each(blocked.path("refusals"), "workload", "code")).containsExactly("a NO_ELIGIBLE_DESTINATION");

        RestCaller.Reply permitted = operator.send(
                "PATCH",
                "/api/v1/drains/" + drain,
                "{\"thirdParty\": {\"volumes\": 1, \"bytes\": " + FakeHost.VOLUME + "}}");
        assertThat(permitted.status()).as("%s", permitted).isEqualTo(200);
        assertThat(permitted
                        .body()
                        .path("limits")
                        .path("thirdParty")
                        .path("volumes")
                        .asInt())
                .isEqualTo(1);

        awaitPhase(drain, "DRAINED");
        assertThat(each(migrations(drain), "workload", "source", "destination", "makesRoomFor", "state"))
                .containsExactlyInAnyOrder("s worker-2 worker-3 a Done", "a worker-1 worker-2  Done");
        assertThat(each(operator.get("/api/v1/retained-copies").body().path("items"), "worker", "volume"))
                .as("what made room leaves no copy, whatever the drain keeps of its own")
                .containsExactly("worker-1 a-data");
        assertThat(full.retired()).isEmpty();
        JsonNode other = operator.get("/api/v1/workers/worker-2").body();
        assertThat(other.path("draining").asBoolean() || other.path("cordoned").asBoolean())
                .as("%s", other)
                .isFalse();
    }

    @Test
    void whatWaitsForRoomSaysForWhichAndCancellingGivesTheMoveUp() {
        roomy.stuckBefore = IncomingGoal.PREPARED;
        String drain = begun(Map.of("thirdParty", ONE)).path("id").asString();

        JsonNode waiting = await(
                "/api/v1/drains/" + drain,
                body -> each(body.path("migrations"), "workload", "state").equals(List.of("s Preparing")));
        assertThat(waiting.path("phase").asString()).isEqualTo("RUNNING");
        assertThat(each(waiting.path("refusals"), "workload", "code")).containsExactly("a WAITING_FOR_ROOM");
        assertThat(waiting.path("refusals").path(0).path("message").asString()).contains("worker-2", "s (to worker-3)");
        assertThat(waiting.path("evacuatedAt").isNull()).isTrue();

        operator.post("/api/v1/drains/" + drain + "/cancel", null);
        awaitPhase(drain, "CANCELLED");
        assertThat(each(migrations(drain), "workload", "state")).containsExactly("s Aborted");
    }

    @Test
    void takingThePermissionBackLetsWhatMovesGoOnAndMovesNothingMore() {
        roomy.stuckBefore = IncomingGoal.HYDRATED;
        String drain = begun(Map.of("thirdParty", ONE)).path("id").asString();
        await(
                "/api/v1/drains/" + drain,
                body -> each(body.path("migrations"), "workload", "state").equals(List.of("s Hydrating")));

        RestCaller.Reply back = operator.send("PATCH", "/api/v1/drains/" + drain, "{\"thirdParty\": null}");
        assertThat(back.body().path("limits").path("thirdParty").isNull())
                .as("%s", back)
                .isTrue();
        roomy.stuckBefore = null;
        roomy.sync();

        awaitPhase(drain, "DRAINED");
        assertThat(each(migrations(drain), "workload")).containsExactly("s", "a");
    }

    @Test
    void aDryRunShowsTheMovesAndIsExecutedExactlyOrNotAtAll() {
        Map<String, Object> wish = Map.of("workers", List.of("worker-1"), "thirdParty", ONE);
        JsonNode dry = operator.post("/api/v1/drains?dryRun=true", wish).body();
        JsonNode plan = dry.path("plans").path(0);
        assertThat(each(plan.path("moves"), "workload", "source", "destination", "makesRoomFor"))
                .containsExactly("s worker-2 worker-3 a");
        assertThat(plan.path("moves").path(0).path("volumes").path(0).path("id").asString())
                .isEqualTo("s-data");
        JsonNode without = operator.post("/api/v1/drains?dryRun=true", Map.of("workers", List.of("worker-1")))
                .body();
        assertThat(without.path("hash")).isNotEqualTo(dry.path("hash"));

        operator.post("/api/v1/workers/worker-2/cordon", null);
        RestCaller.Reply stale =
                operator.post("/api/v1/drains", Map.of("plan", dry.path("id").asString()));
        assertThat(stale.text("code")).as("%s", stale).isEqualTo("PLAN_STALE");
        assertThat(stale.body().path("differences").toString()).contains("leaves worker-2 to make room for a");

        operator.post("/api/v1/workers/worker-2/uncordon", null);
        RestCaller.Reply done =
                operator.post("/api/v1/drains", Map.of("plan", dry.path("id").asString()));
        assertThat(done.status()).as("%s", done).isEqualTo(202);
        String drain = done.body().path("items").path(0).path("id").asString();
        awaitPhase(drain, "DRAINED");
        assertThat(each(migrations(drain), "workload", "makesRoomFor")).containsExactlyInAnyOrder("s a", "a ");
    }

    @Test
    void aPermissionThatIsAmissIsNamed() {
        assertRefused(Map.of("volumes", 1), 422, "thirdParty.bytes is missing");
        assertRefused(Map.of("bytes", 1), 422, "thirdParty.volumes is missing");
        assertRefused(Map.of("volumes", 0, "bytes", 1), 422, "thirdParty.volumes is 0, not 1 to 1000");
        assertRefused(Map.of("volumes", 1, "bytes", 0), 422, "thirdParty.bytes is 0");
        assertRefused(Map.of("volumes", 1, "bytes", 1, "workers", 1), 400, "thirdParty.workers");
    }

    private void assertRefused(Map<String, Object> permission, int status, String named) {
        RestCaller.Reply reply = operator.post(DRAIN, Map.of("thirdParty", permission));
        assertThat(reply.status()).as("%s", reply).isEqualTo(status);
        assertThat(reply.text("detail")).contains(named);
    }
}
