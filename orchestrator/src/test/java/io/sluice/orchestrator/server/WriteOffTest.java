package io.sluice.orchestrator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.IncomingGoal;
import io.sluice.agent.api.OutgoingGoal;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Workers that do not come back, and one that does all the same, over HTTP. */
class WriteOffTest extends HostedServerTest {
    private static final Map<String, Object> BECAUSE = Map.of("reason", "its board burnt");

    private String drain() {
        return drain(Map.of());
    }

    private String drain(Map<String, Object> wish) {
        RestCaller.Reply reply = operator.post("/api/v1/workers/worker-1/drain", wish);
        assertThat(reply.status()).as("%s", reply).isEqualTo(202);
        return reply.text("id");
    }

    private JsonNode awaitState(String drain, String state) {
        return await(
                "/api/v1/drains/" + drain,
                body -> newest(body).path("state").asString().equals(state));
    }

    private static JsonNode newest(JsonNode drain) {
        return drain.path("migrations").path(drain.path("migrations").size() - 1);
    }

    /** It says nothing more, and has not for an hour: what it said last may be written down a moment late. */
    private JsonNode writeOff(FakeHost host) {
        host.close();
        Instant end = Instant.now().plus(limit());
        RestCaller.Reply reply;
        do {
            assertThat(Instant.now()).as("writing %s off", host.id()).isBefore(end);
            sql.sql("update worker set last_seen = now() - interval '1 hour' where id = ?")
                    .param(host.id().value())
                    .update();
            reply = operator.post("/api/v1/workers/" + host.id() + "/write-off", BECAUSE);
        } while (reply.text("code").equals("WORKER_REPORTING"));
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        return reply.body();
    }

    /** The destination, which gets no further. */
    private FakeHost stuckBefore(IncomingGoal goal) {
        FakeHost destination = host("worker-2");
        destination.stuckBefore = goal;
        return connected(destination);
    }

    /** It lives again, until nothing is left behind on it. */
    private void clearsAway(FakeHost back) {
        back.closed = false;
        begun(back);
        await("/api/v1/workers/" + back.id(), worker -> leftBehind() == 0);
    }

    private static void assertHeld(FakeHost host, boolean held) {
        assertThat(host.report().workloads())
                .singleElement()
                .satisfies(workload -> assertThat(workload.held()).isEqualTo(held));
    }

    private long leftBehind() {
        return sql.sql("select count(*) from left_behind").query(Long.class).single();
    }

    @Test
    void aWorkerThatReportsIsNotLost() {
        connected(host("worker-1"));

        RestCaller.Reply reply = operator.post("/api/v1/workers/worker-1/write-off", BECAUSE);

        assertThat(reply.status()).as("%s", reply).isEqualTo(409);
        assertThat(reply.text("code")).isEqualTo("WORKER_REPORTING");
        assertThat(reply.text("remedy")).contains("/drain");
        assertThat(operator.get("/api/v1/workers/worker-1").text("status")).isEqualTo("ACTIVE");
        assertThat(operator.post("/api/v1/workers/nobody/write-off", BECAUSE).status())
                .isEqualTo(404);
    }

    @Test
    void itIsShownAndNothingLandsOnItOrLeavesItUntilItIsReinstated() {
        FakeHost lost = connected(host("worker-1").workload("a"));

        JsonNode shown = writeOff(lost);

        assertThat(shown.path("status").asString()).isEqualTo("WRITTEN_OFF");
        assertThat(shown.path("writtenOff").path("by").asString()).isEqualTo("operator");
        assertThat(shown.path("writtenOff").path("reason").asString()).isEqualTo("its board burnt");
        assertThat(operator.post("/api/v1/workers/worker-1/write-off", Map.of()).status())
                .as("the same again")
                .isEqualTo(200);
        RestCaller.Reply drain = operator.post("/api/v1/workers/worker-1/drain", Map.of());
        assertThat(drain.status()).isEqualTo(409);
        assertThat(drain.text("code")).isEqualTo("WORKER_WRITTEN_OFF");
        assertThat(drain.text("remedy")).contains("/reinstate");

        RestCaller.Reply back = operator.post("/api/v1/workers/worker-1/reinstate", Map.of());

        assertThat(back.status()).as("%s", back).isEqualTo(200);
        assertThat(back.body().path("writtenOff").isNull()).isTrue();
        assertThat(back.body().path("cordoned").asBoolean()).isTrue();
    }

    @Test
    void whatWasOnItsWayThereIsPlacedAnewAndClearedAwayWhenItComesBack() {
        connected(host("worker-1").workload("a"));
        FakeHost lost = stuckBefore(IncomingGoal.CLONED);
        String drain = drain();
        awaitState(drain, "Cloning");
        FakeHost other = connected(host("worker-3"));

        writeOff(lost);

        JsonNode drained = awaitPhase(drain, "DRAINED");
        assertThat(newest(drained).path("destination").asString()).isEqualTo("worker-3");
        assertThat(newest(drained).path("state").asString()).isEqualTo("Done");
        assertThat(other.report().workloads()).hasSize(1);
        assertThat(leftBehind()).isEqualTo(1);

        HostSpec spec = lost.sync();

        assertThat(spec.incoming())
                .singleElement()
                .satisfies(part -> assertThat(part.goal()).isEqualTo(IncomingGoal.DISCARDED));
        clearsAway(lost);
        assertThat(lost.report().volumes()).isEmpty();
    }

    @Test
    void aSourceThatOnlyHadToReleaseIsNotWaitedForAndKeepsItsCopyWhileItIsWrittenOff() {
        FakeHost lost = connected(host("worker-1").workload("a"));
        FakeHost destination = stuckBefore(IncomingGoal.SETTLED);
        String drain = drain(Map.of("retainSeconds", 0));
        awaitState(drain, "Settling");
        lost.close();
        destination.stuckBefore = null;
        destination.sync();
        awaitState(drain, "Releasing");

        writeOff(lost);

        JsonNode through = awaitState(drain, "Done");
        assertThat(through.path("safeToPowerOff").path("blockers").findValuesAsString("code"))
                .contains("WORKER_WRITTEN_OFF");

        HostSpec spec = lost.sync();

        assertThat(spec.outgoing())
                .singleElement()
                .satisfies(part -> assertThat(part.goal()).isEqualTo(OutgoingGoal.RELEASED));
        clearsAway(lost);
        assertThat(lost.report().workloads()).isEmpty();
        Instant tickedOften = Instant.now().plusSeconds(2);
        await("/api/v1/workers/worker-1", worker -> Instant.now().isAfter(tickedOften));
        assertThat(lost.retired()).as("its time is over, and it is not counted").containsExactly("a-data");

        operator.post("/api/v1/workers/worker-1/reinstate", Map.of());

        await("/api/v1/retained-copies", body -> body.path("items").isEmpty());
        assertThat(lost.retired()).isEmpty();
    }

    @Test
    void nothingStartsOnASourceThatComesBackWhileItsMigrationIsStillBeingGivenUp() {
        FakeHost lost = connected(host("worker-1").workload("a"));
        FakeHost destination = stuckBefore(IncomingGoal.CLONED);
        String drain = drain();
        awaitState(drain, "Cloning");
        destination.close();

        writeOff(lost);

        awaitState(drain, "Aborting");
        assertThat(lost.sync().outgoing()).isEmpty();
        assertHeld(lost, true);
    }

    @Test
    void aWorkloadThatWasStoppedOnItStartsThereAgainOnlyOnceItIsReinstated() {
        FakeHost lost = connected(host("worker-1").workload("a"));
        stuckBefore(IncomingGoal.CLONED);
        String drain = drain();
        awaitState(drain, "Cloning");

        writeOff(lost);

        JsonNode givenUp = awaitState(drain, "Aborted");
        JsonNode migration = operator.get(
                        "/api/v1/migrations/" + newest(givenUp).path("id").asString())
                .body();
        assertThat(migration.path("reason").path("code").asString()).isEqualTo("SOURCE_WRITTEN_OFF");
        assertThat(lost.sync().outgoing()).as("held as it is").isEmpty();
        assertHeld(lost, true);

        operator.post("/api/v1/workers/worker-1/reinstate", Map.of());

        assertThat(lost.sync().outgoing())
                .singleElement()
                .satisfies(part -> assertThat(part.goal()).isEqualTo(OutgoingGoal.RESTORED));
        assertHeld(lost, false);
        clearsAway(lost);
    }
}
