package io.sluice.orchestrator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.IncomingGoal;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Drains of several workers in one call, and dry runs that are executed as they are or not at all. */
class PlannedDrainsTest extends HostedServerTest {
    private static Stream<JsonNode> each(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private List<String> begun(Map<String, Object> wish) {
        RestCaller.Reply reply = operator.post("/api/v1/drains", wish);
        assertThat(reply.status()).as("%s", reply).isEqualTo(202);
        return each(reply.body().path("items"))
                .map(drain -> drain.path("id").asString())
                .toList();
    }

    private JsonNode dryRun(Map<String, Object> wish) {
        RestCaller.Reply reply = operator.post("/api/v1/drains?dryRun=true", wish);
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        return reply.body();
    }

    private void assertRefused(Map<String, Object> wish, int status, String code, String named) {
        RestCaller.Reply reply = operator.post("/api/v1/drains", wish);
        assertThat(reply.status()).as("%s", reply).isEqualTo(status);
        assertThat(reply.text("code")).as("%s", reply).isEqualTo(code);
        assertThat(reply.text("detail")).contains(named);
        assertThat(reply.text("remedy")).isNotBlank();
    }

    @Test
    void severalWorkersAreDrainedTogetherAndNeverOntoEachOther() {
        connected(host("worker-1").workload("a").workload("b"));
        connected(host("worker-2").workload("c").workload("d"));
        connected(host("worker-3"));

        List<String> drains = begun(Map.of("workers", List.of("worker-1", "worker-2"), "reason", "rack move"));

        assertThat(drains).hasSize(2);
        for (String drain : drains) {
            awaitPhase(drain, "DRAINED");
            JsonNode shown = operator.get("/api/v1/drains/" + drain).body();
            assertThat(shown.path("reason").asString()).isEqualTo("rack move");
            assertThat(each(shown.path("migrations"))
                            .map(migration -> migration.path("destination").asString()))
                    .hasSize(2)
                    .containsOnly("worker-3");
        }
        assertThat(begun(Map.of("workers", List.of("worker-2", "worker-1"))))
                .as("the same again, in the order asked")
                .containsExactly(drains.get(1), drains.get(0));
    }

    @Test
    void aSelectorChoosesByLabelsAndPlace() {
        connected(host("worker-1").labelled(Map.of("kernel", "6.1")).workload("a"));
        connected(host("worker-2").labelled(Map.of("kernel", "6.12")));
        connected(host("worker-3").labelled(Map.of("kernel", "6.1", "gpu", "yes")));

        JsonNode dry = dryRun(Map.of("selector", "kernel=6.1, region=eu"));
        assertThat(each(dry.path("plans")).map(plan -> plan.path("worker").asString()))
                .containsExactly("worker-1", "worker-3");
        assertThat(each(dryRun(Map.of("selector", "gpu,kernel!=6.12")).path("plans"))
                        .map(plan -> plan.path("worker").asString()))
                .containsExactly("worker-3");
        assertThat(begun(Map.of("selector", "kernel=6.1"))).hasSize(2);
    }

    @Test
    void whatIsAskedAmissIsNamed() {
        connected(host("worker-1"));

        assertRefused(Map.of(), 422, "INVALID_REQUEST", "workers, selector and plan");
        assertRefused(Map.of("workers", List.of()), 422, "INVALID_REQUEST", "workers is empty");
        assertRefused(Map.of("workers", List.of("worker-1", "worker-1")), 422, "INVALID_REQUEST", "'worker-1' twice");
        assertRefused(Map.of("workers", List.of("worker-1", "nobody")), 404, "UNKNOWN_WORKER", "nobody");
        assertRefused(Map.of("workers", List.of("worker-1"), "selector", "a"), 422, "INVALID_REQUEST", "both");
        assertRefused(Map.of("selector", "rack=none"), 422, "INVALID_REQUEST", "'rack=none' matches no worker");
        assertRefused(Map.of("selector", "=x"), 422, "INVALID_REQUEST", "selector: '=x'");
        assertRefused(Map.of("plan", "p-none"), 404, "UNKNOWN_PLAN", "p-none");
        assertRefused(Map.of("plan", "p-none", "priority", 3), 422, "INVALID_REQUEST", "no other field");
        assertRefused(Map.of("worker", "worker-1"), 400, "MALFORMED_BODY", "worker");
    }

    @Test
    void aDryRunIsExecutedExactlyAndOnlyOnce() {
        connected(host("worker-1").workload("a").workload("b"));
        connected(host("worker-2"));
        connected(host("worker-3"));

        JsonNode dry = dryRun(Map.of("workers", List.of("worker-1"), "reason", "as planned", "priority", 5));
        assertThat(operator.get("/api/v1/drains").body().path("items").isEmpty())
                .as("nothing was done")
                .isTrue();
        Map<String, Object> execute = Map.of("plan", dry.path("id").asString());
        List<String> drains = begun(execute);

        JsonNode plan =
                operator.get("/api/v1/drains/" + drains.getFirst() + "/plan").body();
        assertThat(plan.path("hash")).isEqualTo(dry.path("hash"));
        assertThat(plan.path("placements")).isEqualTo(dry.path("plans").path(0).path("placements"));
        JsonNode drain = operator.get("/api/v1/drains/" + drains.getFirst()).body();
        assertThat(drain.path("reason").asString()).isEqualTo("as planned");
        assertThat(drain.path("limits").path("priority").asInt()).isEqualTo(5);
        assertThat(begun(execute)).isEqualTo(drains);
        awaitPhase(drains.getFirst(), "DRAINED");
    }

    @Test
    void aDryRunSaysOnRequestWhyNotTheOthers() {
        connected(host("worker-1").workload("a"));
        connected(host("worker-2"));
        connected(host("worker-3"));
        connected(host("worker-4"));
        operator.post("/api/v1/workers/worker-4/cordon", null);
        String plan = dryRun(Map.of("workers", List.of("worker-1"))).path("id").asString();

        JsonNode shown = operator.get("/api/v1/plans/" + plan).body();
        assertThat(shown.path("plans")
                        .path(0)
                        .path("placements")
                        .path(0)
                        .path("destination")
                        .asString())
                .isEqualTo("worker-2");
        JsonNode others = operator.get("/api/v1/plans/" + plan + "/others?of=a").body();
        assertThat(others.path("destination").asString()).isEqualTo("worker-2");
        assertThat(each(others.path("others"))
                        .map(other -> other.path("worker").asString() + " "
                                + other.path("code").asString()))
                .containsExactlyInAnyOrder("worker-3 WORSE_CHOICE", "worker-4 CORDONED");
        assertThat(operator.get("/api/v1/plans/" + plan + "/others?of=b").text("code"))
                .isEqualTo("UNKNOWN_CARGO");
        assertThat(operator.get("/api/v1/plans/" + plan + "/others").text("detail"))
                .contains("of is missing");
    }

    @Test
    void aDryRunThatIsNotTrueAnyMoreIsRefusedWithTheDifference() {
        FakeHost source = connected(host("worker-1").workload("a"));
        connected(host("worker-2"));
        String plan = dryRun(Map.of("workers", List.of("worker-1"))).path("id").asString();

        source.workload("late");
        source.sync();
        RestCaller.Reply stale = operator.post("/api/v1/drains", Map.of("plan", plan));
        assertThat(stale.status()).as("%s", stale).isEqualTo(409);
        assertThat(stale.text("code")).isEqualTo("PLAN_STALE");
        JsonNode difference = stale.body().path("differences").path(0);
        assertThat(difference.path("subject").asString()).isEqualTo("late");
        assertThat(difference.path("planned").asString()).isEqualTo("was not there");
        assertThat(difference.path("now").asString()).isEqualTo("can go to worker-2");
        assertThat(operator.get("/api/v1/drains").body().path("items").isEmpty())
                .as("nothing was done")
                .isTrue();

        String second =
                dryRun(Map.of("workers", List.of("worker-1"))).path("id").asString();
        operator.post("/api/v1/workers/worker-2/cordon", null);
        RestCaller.Reply cordoned = operator.post("/api/v1/drains", Map.of("plan", second));
        assertThat(cordoned.text("code")).isEqualTo("PLAN_STALE");
        assertThat(cordoned.body().path("differences").toString()).contains("goes to worker-2", "is refused: ");
        operator.post("/api/v1/workers/worker-2/uncordon", null);

        operator.post("/api/v1/workers/worker-1/drain", null);
        RestCaller.Reply draining = operator.post("/api/v1/drains", Map.of("plan", second));
        assertThat(draining.text("code")).isEqualTo("PLAN_STALE");
        assertThat(draining.body().path("differences").toString()).contains("is being drained by d-");
    }

    @Test
    void whatHasNotCutOverIsPlacedAnewWhenItsDestinationStartsDrainingAndTheRestFollows() {
        connected(host("worker-1").workload("a").workload("b"));
        FakeHost second = connected(host("worker-2"));
        FakeHost third = host("worker-3").register();
        second.stuckBefore = IncomingGoal.HYDRATED;
        Map<String, Object> one = Map.of("maxConcurrentPerSource", 1, "workers", List.of("worker-1"));
        String first = begun(one).getFirst();
        await(
                "/api/v1/drains/" + first,
                body -> body.path("counts").path("hydrating").asInt() == 1
                        && body.path("counts").path("planned").asInt() == 1);

        begun(third);
        await("/api/v1/workers/worker-3", worker -> worker.path("connected").asBoolean());
        String other = begun(Map.of("workers", List.of("worker-2"))).getFirst();
        await(
                "/api/v1/drains/" + first,
                body -> each(body.path("migrations"))
                        .map(migration -> migration.path("destination").asString() + " "
                                + migration.path("state").asString())
                        .toList()
                        .containsAll(List.of("worker-2 Hydrating", "worker-2 Aborted", "worker-3 Planned")));

        second.stuckBefore = null;
        second.sync();
        awaitPhase(first, "DRAINED");
        awaitPhase(other, "DRAINED");
        assertThat(operator.get("/api/v1/workers/worker-3")
                        .body()
                        .path("runningWorkloads")
                        .asInt())
                .isEqualTo(2);
    }
}
