package io.sluice.orchestrator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.IncomingGoal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Ceilings over HTTP: set by an admin, kept to by what begins, and sent to hosts as rates. */
class CeilingsTest extends ServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final long MIB = 1 << 20;

    private final List<FakeHost> hosts = new ArrayList<>();
    private RestCaller admin;

    @BeforeEach
    void noCeilings() {
        sql.sql("delete from ceiling").update();
        admin = as("rule");
    }

    @AfterEach
    void stopHosts() {
        hosts.forEach(FakeHost::close);
        sql.sql("delete from ceiling").update();
    }

    private FakeHost live(FakeHost host) {
        host.register();
        hosts.add(host);
        return host.live();
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

    private void connected(FakeHost host) {
        await(
                host.id() + " is connected",
                () -> operator.get("/api/v1/workers/" + host.id())
                        .body()
                        .path("connected")
                        .asBoolean());
    }

    private JsonNode drain(String id) {
        return operator.get("/api/v1/drains/" + id).body();
    }

    private long in(String drain, String state) {
        return drain(drain)
                .path("migrations")
                .valueStream()
                .filter(migration -> migration.path("state").asString().equals(state))
                .count();
    }

    private static List<HydrationOrder> orders(FakeHost host) {
        return host.spec().incoming().stream()
                .flatMap(part -> part.volumes().stream())
                .map(volume -> volume.hydration())
                .toList();
    }

    @Test
    void anAdminSetsChangesAndRemovesACeilingAndNobodyElse() {
        String path = "/api/v1/ceilings/rack/r1/in";
        assertThat(operator.send("PUT", path, "{\"maxMigrations\": 3}").status())
                .isEqualTo(403);

        RestCaller.Reply set = admin.send("PUT", path, "{\"maxMigrations\": 3, \"bytesPerSecond\": 1048576}");
        assertThat(set.status()).as("%s", set).isEqualTo(200);
        assertThat(set.body().path("items").get(0).path("maxMigrations").asInt())
                .isEqualTo(3);

        JsonNode patched =
                admin.send("PATCH", path, "{\"maxMigrations\": null}").body();
        assertThat(patched.path("items").get(0).path("maxMigrations").isNull()).isTrue();
        assertThat(patched.path("items").get(0).path("bytesPerSecond").asLong()).isEqualTo(MIB);

        assertThat(admin.send("DELETE", path, null).body().path("items").isEmpty())
                .isTrue();
        assertThat(sql.sql("select count(*) from setting_change where subject = 'ceiling/RACK/r1/IN'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(3);
    }

    @Test
    void aCeilingThatMakesNoSenseIsRefusedByName() {
        for (Map.Entry<String, String> wrong : Map.of(
                        "/api/v1/ceilings/row/r1/in", "{}",
                        "/api/v1/ceilings/rack/r1/up", "{}",
                        "/api/v1/ceilings/fleet/all/in", "{}",
                        "/api/v1/ceilings/rack/r1/in", "{\"bytesPerSecond\": 10}",
                        "/api/v1/ceilings/rack/r2/in", "{\"maxMigrations\": \"many\"}",
                        "/api/v1/ceilings/rack/r3/in", "{\"speed\": 1}")
                .entrySet()) {
            RestCaller.Reply reply = admin.send("PUT", wrong.getKey(), wrong.getValue());
            assertThat(reply.status()).as("%s %s", wrong, reply).isEqualTo(422);
            assertThat(reply.text("code")).isEqualTo("INVALID_REQUEST");
        }
    }

    @Test
    void noMoreBeginThanTheFleetsCeilingAllowsAndTheRestFollows() {
        admin.send("PUT", "/api/v1/ceilings/fleet/*/out", "{\"maxMigrations\": 1}");
        FakeHost source = live(host("worker-1").workload("a").workload("b").workload("c"));
        FakeHost other = host("worker-2");
        other.stuckBefore = IncomingGoal.HYDRATED;
        live(other);
        connected(source);
        connected(other);

        String id = operator.post("/api/v1/workers/worker-1/drain", null).text("id");
        await("one is under way", () -> in(id, "Hydrating") == 1);
        await(
                "the others say why they wait",
                () -> drain(id)
                                .path("migrations")
                                .valueStream()
                                .filter(migration -> migration
                                        .path("reason")
                                        .path("code")
                                        .asString()
                                        .equals("WAITING_FOR_CEILING"))
                                .count()
                        == 2);
        assertThat(in(id, "Planned")).isEqualTo(2);

        other.stuckBefore = null;
        other.sync();
        await("all are through", () -> drain(id).path("phase").asString().equals("DRAINED"));
    }

    @Test
    void ratesAreSharedSentAndSharedAnewWhenTheCeilingChanges() {
        admin.send("PUT", "/api/v1/ceilings/worker/*/out", "{\"bytesPerSecond\": " + 64 * MIB + "}");
        FakeHost source = live(host("worker-1").workload("a").workload("b"));
        FakeHost other = host("worker-2");
        other.stuckBefore = IncomingGoal.HYDRATED;
        live(other);
        connected(source);
        connected(other);

        operator.post("/api/v1/workers/worker-1/drain", null);

        await(
                "both copy at half the ceiling each",
                () -> orders(other).size() == 2
                        && orders(other).stream()
                                .allMatch(order -> !order.paused()
                                        && order.bytesPerSecond() != null
                                        && order.bytesPerSecond() > 29 * MIB
                                        && order.bytesPerSecond() < 33 * MIB));
        await(
                "the source's exports are held to their share, with room beyond what is copied",
                () -> source.spec().outgoing().stream()
                        .flatMap(part -> part.volumes().stream())
                        .allMatch(volume -> volume.access().bytesPerSecond() != null
                                && volume.access().bytesPerSecond()
                                        > orders(other).stream()
                                                .mapToLong(order -> order.bytesPerSecond() == null
                                                        ? Long.MAX_VALUE
                                                        : order.bytesPerSecond())
                                                .min()
                                                .orElse(0)));
        long generation = other.spec().generation();

        admin.send("PATCH", "/api/v1/ceilings/worker/worker-1/out", "{\"bytesPerSecond\": " + 4 * MIB + "}");
        await(
                "both copy at half the worker's own ceiling",
                () -> orders(other).stream()
                        .allMatch(order -> order.bytesPerSecond() != null && order.bytesPerSecond() <= 2.2 * MIB));
        assertThat(other.spec().generation()).as("specs for it").isLessThanOrEqualTo(generation + 4);
        JsonNode shown = operator.get("/api/v1/ceilings").body();
        assertThat(shown.path("items")
                        .valueStream()
                        .filter(item -> item.path("name").asString().equals("worker-1"))
                        .map(item -> item.path("grantedBytesPerSecond").asLong())
                        .toList())
                .singleElement()
                .satisfies(granted -> assertThat(granted).isBetween(15 * MIB / 4, 4 * MIB));

        admin.send("DELETE", "/api/v1/ceilings/worker/worker-1/out", null);
        admin.send("DELETE", "/api/v1/ceilings/worker/*/out", null);
        await(
                "nothing holds them back any more",
                () -> orders(other).stream().allMatch(HydrationOrder.UNLIMITED::equals));
    }
}
