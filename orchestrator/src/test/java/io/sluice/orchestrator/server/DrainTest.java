package io.sluice.orchestrator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.IncomingGoal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Whole drains over HTTP, with hosts that do what they are told. */
class DrainTest extends HostedServerTest {
    @Override
    Duration limit() {
        return Duration.ofSeconds(20);
    }

    private void reported(FakeHost... expected) {
        for (FakeHost host : expected) {
            await(
                    "/api/v1/workers/" + host.id(),
                    worker -> worker.path("connected").asBoolean());
        }
    }

    private String drain(FakeHost host) {
        RestCaller.Reply reply = operator.post("/api/v1/workers/" + host.id() + "/drain", Map.of("reason", "test"));
        assertThat(reply.status()).as("%s", reply).isEqualTo(202);
        assertThat(reply.location()).isEqualTo("/api/v1/drains/" + reply.text("id"));
        return reply.text("id");
    }

    @Test
    void movesEverythingAwayAndSaysSafeToPowerOff() {
        FakeHost source = live(host("worker-1").workload("a").workload("b").workload("c"));
        FakeHost other = live(host("worker-2"));
        FakeHost third = live(host("worker-3"));
        reported(source, other, third);

        String id = drain(source);
        JsonNode drained = awaitPhase(id, "DRAINED");

        assertThat(drained.path("safeToPowerOff").path("value").asBoolean()).isTrue();
        assertThat(drained.path("counts").path("done").asInt()).isEqualTo(3);
        assertThat(drained.path("exposureBytes").asLong()).isZero();
        Instant evacuated = Instant.parse(drained.path("evacuatedAt").asString());
        Instant end = Instant.parse(drained.path("drainedAt").asString());
        assertThat(evacuated).isBetween(Instant.parse(drained.path("createdAt").asString()), end);
        assertThat(operator.get("/api/v1/drains/" + id).text("drainedAt")).isEqualTo(end.toString());
        JsonNode migration = drained.path("migrations").path(0);
        List<String> states = StreamSupport.stream(migration.path("history").spliterator(), false)
                .map(step -> step.path("to").asString())
                .toList();
        assertThat(states)
                .containsExactly(
                        "Planned",
                        "Preparing",
                        "Ready",
                        "Stopping",
                        "Cloning",
                        "Starting",
                        "Hydrating",
                        "Settling",
                        "Releasing",
                        "Done");
        assertThat(migration.path("verification").path("mismatchedRegions").asLong(-1))
                .isZero();
        assertThat(migration.path("progress").path("copiedBytes").asLong()).isEqualTo(FakeHost.VOLUME / 2);
        assertThat(migration.path("interruptionMs").isNumber()).isTrue();
        assertThat(operator.get("/api/v1/workers/worker-1").text("status")).isEqualTo("DRAINED");
        assertThat(sql.sql("select count(*) from migration where secrets is not null")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    @Test
    void givesTheSameDrainWhenAskedAgain() {
        FakeHost source = live(host("worker-1").workload("a"));
        FakeHost other = live(host("worker-2"));
        other.stuckBefore = IncomingGoal.PREPARED;
        reported(source, other);

        assertThat(drain(source)).isEqualTo(drain(source));
    }

    @Test
    void namesWhatHasNowhereToGoAndHealsWhenADestinationIsUncordoned() {
        FakeHost source = live(host("worker-1").workload("a"));
        FakeHost other = live(host("worker-2"));
        reported(source, other);
        assertThat(operator.post("/api/v1/workers/worker-2/cordon", null).text("status"))
                .isEqualTo("CORDONED");

        String id = drain(source);
        JsonNode blocked = awaitPhase(id, "BLOCKED");
        JsonNode refusal = blocked.path("refusals").path(0);
        assertThat(refusal.path("code").asString()).isEqualTo("NO_ELIGIBLE_DESTINATION");
        assertThat(refusal.path("workload").asString()).isEqualTo("a");
        assertThat(refusal.path("remedy").asString()).isNotBlank();
        assertThat(blocked.path("safeToPowerOff").path("value").asBoolean()).isFalse();

        operator.post("/api/v1/workers/worker-2/uncordon", null);
        awaitPhase(id, "DRAINED");
    }

    @Test
    void undoesWhatIsReversibleWhenCancelled() {
        FakeHost source = live(host("worker-1").workload("a"));
        FakeHost other = live(host("worker-2"));
        other.stuckBefore = IncomingGoal.CLONED;
        reported(source, other);
        String id = drain(source);
        await(
                "/api/v1/drains/" + id,
                body -> body.path("migrations").path(0).path("state").asString().equals("Cloning"));

        assertThat(operator.post("/api/v1/drains/" + id + "/cancel", null).status())
                .isEqualTo(200);

        JsonNode cancelled = awaitPhase(id, "CANCELLED");
        assertThat(cancelled.path("migrations").path(0).path("state").asString())
                .isEqualTo("Aborted");
        assertThat(cancelled
                        .path("migrations")
                        .path(0)
                        .path("reason")
                        .path("code")
                        .asString())
                .isEqualTo("CANCELLED");
        JsonNode worker = await(
                "/api/v1/workers/worker-1",
                body -> body.path("status").asString().equals("ACTIVE"));
        assertThat(worker.path("runningWorkloads").asInt()).isEqualTo(1);
        assertThat(worker.path("drain").isNull()).isTrue();
    }

    @Test
    void letsWhatIsForwardOnlyFinishWhenCancelled() {
        FakeHost source = live(host("worker-1").workload("a"));
        FakeHost other = live(host("worker-2"));
        other.stuckBefore = IncomingGoal.HYDRATED;
        reported(source, other);
        String id = drain(source);
        JsonNode hydrating = await(
                "/api/v1/drains/" + id,
                body -> body.path("migrations")
                                .path(0)
                                .path("progress")
                                .path("exposureBytes")
                                .asLong(0)
                        > 0);
        assertThat(hydrating.path("phase").asString()).isIn("RUNNING", "EVACUATED");

        operator.post("/api/v1/drains/" + id + "/cancel", null);
        awaitPhase(id, "CANCELLING");
        other.stuckBefore = null;
        other.sync();

        JsonNode cancelled = awaitPhase(id, "CANCELLED");
        assertThat(cancelled.path("migrations").path(0).path("state").asString())
                .isEqualTo("Done");
    }

    @Test
    void triesWhatFailedAnewAndGivesUpWithTheReason() {
        FakeHost source = live(host("worker-1").workload("a"));
        FakeHost other = live(host("worker-2"));
        other.stuckBefore = IncomingGoal.PREPARED;
        other.failure = new FailureReport(null, "POOL_BROKEN", "the pool cannot be written", FailureKind.ABORT, 1, 1);
        reported(source, other);

        String id = drain(source);
        JsonNode blocked = await(
                "/api/v1/drains/" + id,
                body -> body.path("refusals").path(0).path("code").asString().equals("POOL_BROKEN"));

        assertThat(blocked.path("migrations").size()).isEqualTo(3);
        assertThat(blocked.path("phase").asString()).isEqualTo("BLOCKED");
        assertThat(sql.sql("select count(distinct epoch) from migration")
                        .query(Integer.class)
                        .single())
                .as("every attempt has an epoch of its own")
                .isEqualTo(3);
    }

    @Test
    void goesElsewhereAfterADestinationFailed() {
        FakeHost source = live(host("worker-1").workload("a"));
        FakeHost broken = live(host("worker-2"));
        broken.stuckBefore = IncomingGoal.PREPARED;
        broken.failure = new FailureReport(null, "POOL_BROKEN", "the pool cannot be written", FailureKind.ABORT, 1, 1);
        FakeHost sound = live(host("worker-3"));
        reported(source, broken, sound);

        JsonNode drained = awaitPhase(drain(source), "DRAINED");

        assertThat(StreamSupport.stream(drained.path("migrations").spliterator(), false)
                        .map(one -> one.path("destination").asString() + " "
                                + one.path("state").asString()))
                .containsExactly("worker-2 Aborted", "worker-3 Done");
    }

    @Test
    void keepsToItsLimitPerSource() {
        FakeHost source = live(host("worker-1").workload("a").workload("b").workload("c"));
        FakeHost other = live(host("worker-2"));
        other.stuckBefore = IncomingGoal.PREPARED;
        reported(source, other);

        RestCaller.Reply reply = operator.post("/api/v1/workers/worker-1/drain", Map.of("maxConcurrentPerSource", 1));

        JsonNode drain = await(
                "/api/v1/drains/" + reply.text("id"),
                body -> body.path("counts").path("running").asInt() == 1);
        assertThat(drain.path("counts").path("planned").asInt()).isEqualTo(2);
        await(
                "/api/v1/drains/" + reply.text("id"),
                body -> StreamSupport.stream(body.path("migrations").spliterator(), false)
                        .anyMatch(one ->
                                one.path("reason").path("code").asString().equals("WAITING_FOR_SLOT")));
    }

    @Test
    void showsWhatADrainWouldDoWithoutDoingIt() {
        FakeHost source = live(host("worker-1").workload("a"));
        FakeHost other = live(host("worker-2"));
        reported(source, other);

        RestCaller.Reply reply = operator.post("/api/v1/workers/worker-1/drain?dryRun=true", null);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().path("placements").path(0).path("destination").asString())
                .isEqualTo("worker-2");
        assertThat(reply.text("hash")).isNotBlank();
        assertThat(operator.get("/api/v1/drains").body().path("items").isEmpty())
                .isTrue();
    }
}
