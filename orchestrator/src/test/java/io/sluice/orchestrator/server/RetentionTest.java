package io.sluice.orchestrator.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Copies that sources keep, over HTTP, with hosts that delete what they are told to and nothing else. */
class RetentionTest extends HostedServerTest {
    private static final String COPIES = "/api/v1/retained-copies";
    private static final String COPY = "/api/v1/retained-copies/worker-1/a-data/0";

    private void drained(Map<String, Object> wish) {
        RestCaller.Reply reply = operator.post("/api/v1/workers/worker-1/drain", wish);
        assertThat(reply.status()).as("%s", reply).isEqualTo(202);
        awaitPhase(reply.text("id"), "DRAINED");
    }

    private JsonNode copies() {
        return operator.get(COPIES).body().path("items");
    }

    private void awaitGone(FakeHost host) {
        await(COPIES, body -> body.path("items").isEmpty());
        assertThat(host.retired()).isEmpty();
    }

    @Test
    void aCopyIsListedWithItsPolicy() {
        FakeHost source = connected(host("worker-1").workload("a"));
        connected(host("worker-2"));
        drained(Map.of());

        assertThat(copies()).hasSize(1);
        JsonNode copy = copies().get(0);
        assertThat(copy.path("worker").asString()).isEqualTo("worker-1");
        assertThat(copy.path("volume").asString()).isEqualTo("a-data");
        assertThat(copy.path("epoch").asLong()).isZero();
        assertThat(copy.path("bytes").asLong()).isPositive();
        assertThat(copy.path("policy").asString()).isEqualTo("PT1H");
        assertThat(copy.path("state").asString()).isEqualTo("RETAINED");
        assertThat(Duration.between(
                        Instant.parse(copy.path("since").asString()),
                        Instant.parse(copy.path("deletableAt").asString())))
                .isEqualTo(Duration.ofHours(1));
        assertThat(source.retired()).containsExactly("a-data");
    }

    @Test
    void policyDeletesACopyWhenItsTimeIsOver() {
        FakeHost source = connected(host("worker-1").workload("a"));
        connected(host("worker-2"));

        drained(Map.of("retainSeconds", 0));

        awaitGone(source);
    }

    @Test
    void whatIsKeptForGoodOutlastsItsPolicyAndIsDeletedOnlyWhenConfirmed() {
        FakeHost source = connected(host("worker-1").workload("a"));
        connected(host("worker-2"));
        drained(Map.of("retainSeconds", 3));
        RestCaller.Reply kept = operator.post(COPY + "/keep", null);
        assertThat(kept.status()).as("%s", kept).isEqualTo(200);
        assertThat(kept.text("state")).isEqualTo("KEPT");
        assertThat(kept.text("decidedBy")).isEqualTo("operator");

        Instant over = Instant.parse(kept.text("deletableAt"));
        await(COPIES, body -> Instant.now().isAfter(over.plusSeconds(1)));
        assertThat(source.retired()).containsExactly("a-data");
        assertThat(copies()).hasSize(1);

        RestCaller.Reply unconfirmed = operator.post(COPY + "/delete", Map.of("confirm", "b-data"));
        assertThat(unconfirmed.status()).isEqualTo(422);
        assertThat(unconfirmed.text("code")).isEqualTo("NOT_CONFIRMED");
        assertThat(source.retired()).containsExactly("a-data");

        RestCaller.Reply deleted = operator.post(COPY + "/delete", Map.of("confirm", "a-data"));
        assertThat(deleted.status()).as("%s", deleted).isEqualTo(200);
        assertThat(deleted.text("state")).isEqualTo("DELETING");
        awaitGone(source);
        assertThat(operator.post(COPY + "/keep", null).text("code")).isEqualTo("COPY_UNKNOWN");
    }

    @Test
    void aDrainMayKeepItsCopiesForGood() {
        FakeHost source = connected(host("worker-1").workload("a"));
        connected(host("worker-2"));

        drained(Map.of("keepCopies", true));

        assertThat(copies().get(0).path("deletableAt").isNull()).isTrue();
        assertThat(copies().get(0).path("policy").asString()).isEqualTo("KEEP");
        assertThat(source.retired()).containsExactly("a-data");
    }

    @Test
    void aDeletionThatWasDecidedIsNotTakenBack() {
        FakeHost source = connected(host("worker-1").workload("a"));
        connected(host("worker-2"));
        drained(Map.of());
        source.close();
        operator.post(COPY + "/delete", Map.of("confirm", "a-data"));

        RestCaller.Reply late = operator.post(COPY + "/keep", null);

        assertThat(late.status()).as("%s", late).isEqualTo(409);
        assertThat(late.text("code")).isEqualTo("COPY_BEING_DELETED");
    }

    @Test
    void aCopyThatCannotBeReadIsNotTakenForDeletedAndIsDeletedOnceItCan() {
        FakeHost source = connected(host("worker-1").workload("a"));
        connected(host("worker-2"));
        FakeHost other = connected(host("worker-3").workload("c"));
        drained(Map.of("keepCopies", true));
        RestCaller.Reply second = operator.post("/api/v1/workers/worker-3/drain", Map.of("keepCopies", true));
        awaitPhase(second.text("id"), "DRAINED");

        source.retiredUnreadable = true;
        operator.post(COPY + "/delete", Map.of("confirm", "a-data"));
        await(COPIES, body -> !source.spec().deletions().isEmpty());
        // what is taken for deleted is looked for in the order of the workers: the first was looked at when the last is
        // gone
        operator.post("/api/v1/retained-copies/worker-3/c-data/0/delete", Map.of("confirm", "c-data"));
        await(COPIES, body -> body.path("items").size() == 1);
        assertThat(other.retired()).isEmpty();
        assertThat(copies().get(0).path("worker").asString()).isEqualTo("worker-1");
        assertThat(copies().get(0).path("state").asString()).isEqualTo("DELETING");
        assertThat(source.retired()).containsExactly("a-data");

        source.retiredUnreadable = false;
        awaitGone(source);
    }

    @Test
    void wishesThatContradictThemselvesAreNamed() {
        connected(host("worker-1"));
        String worker = "/api/v1/workers/worker-1/drain";

        assertThat(operator.post(worker, Map.of("retainSeconds", -1)).text("detail"))
                .contains("retainSeconds");
        assertThat(operator.post(worker, Map.of("retainSeconds", 5, "keepCopies", true))
                        .text("detail"))
                .contains("keepCopies");
    }
}
