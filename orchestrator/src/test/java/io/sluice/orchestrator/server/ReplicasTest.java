package io.sluice.orchestrator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.OutgoingGoal;
import io.sluice.orchestrator.OrchestratorApplication;
import io.sluice.orchestrator.agents.HeldCalls;
import io.sluice.orchestrator.database.Relay;
import io.sluice.orchestrator.problem.DatabaseUnreachable;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A second orchestrator on the same database: whichever an agent or an operator talks to, the other's calls are answered. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicasTest extends ServerTest {
    /** Far below the 20 s for which a call without news is held. */
    private static final long AT_ONCE_SECONDS = 8;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private ConfigurableApplicationContext other;
    private Relay relay;
    private HeldCalls othersCalls;

    @BeforeAll
    void startAnother(@Autowired Environment environment) throws IOException {
        String url = environment.getRequiredProperty("sluice.database.url");
        URI database = URI.create(url.substring("jdbc:".length()));
        relay = new Relay(database.getHost(), database.getPort());
        SpringApplicationBuilder builder = new SpringApplicationBuilder(OrchestratorApplication.class);
        for (String key : new String[] {
            "sluice.data-dir",
            "sluice.key-file",
            "sluice.database.user",
            "sluice.database.password-file",
            "sluice.tick",
            "sluice.join-token",
            "sluice.tokens.viewer",
            "sluice.tokens.operator",
            "sluice.tokens.admin"
        }) {
            builder.properties(key + "=" + environment.getRequiredProperty(key));
        }
        other = builder.properties(
                        "server.port=0",
                        "sluice.database.url=" + url.replaceFirst(":\\d+/", ":" + relay.port() + "/"),
                        "sluice.replica.answer-limit=3s",
                        "sluice.replica.abandoned-after=1s")
                .run();
        othersCalls = other.getBean(HeldCalls.class);
    }

    @AfterAll
    void stopOther() throws IOException {
        threads.shutdownNow();
        other.close();
        relay.close();
    }

    @BeforeEach
    void bothReachTheDatabase() throws InterruptedException {
        awaitReadiness(200);
    }

    private RestCaller ofOther(String token) {
        String port = other.getEnvironment().getRequiredProperty("local.server.port");
        return new RestCaller("http://127.0.0.1:" + port, token, json);
    }

    private FakeHost hostOfOther(String name) {
        return new FakeHost(ofOther("join-me"), name);
    }

    private Future<HostSpec> held(FakeHost host) throws InterruptedException {
        int before = othersCalls.count();
        Future<HostSpec> call = threads.submit(host::sync);
        for (int i = 0; i < 500 && othersCalls.count() == before; i++) {
            Thread.sleep(20);
        }
        assertThat(othersCalls.count()).isEqualTo(before + 1);
        return call;
    }

    @Test
    void aCallHeldByOneIsAnsweredWhenTheOtherDecides() throws Exception {
        FakeHost source = hostOfOther("worker-1").workload("db").register();
        Future<HostSpec> heldByOther = held(source);
        report(host("worker-2").register());

        operator.post("/api/v1/workers/worker-1/drain", Map.of());

        assertThat(goal(heldByOther)).isEqualTo(OutgoingGoal.OFFERED);
    }

    @Test
    void oneThatLostItsListeningConnectionHearsTheOtherAgain() throws Exception {
        FakeHost source = hostOfOther("worker-1").workload("db").register();
        Future<HostSpec> heldByOther = held(source);
        report(host("worker-2").register());

        for (int i = 0; i < 600 && listeners() < 2; i++) {
            Thread.sleep(50);
        }
        assertThat(cutListeners()).as("both listen").isEqualTo(2);
        operator.post("/api/v1/workers/worker-1/drain", Map.of());

        assertThat(goal(heldByOther)).isEqualTo(OutgoingGoal.OFFERED);
    }

    private void awaitReadiness(int status) throws InterruptedException {
        RestCaller anybody = ofOther("");
        for (int i = 0; i < 600 && anybody.get("/actuator/health/readiness").status() != status; i++) {
            Thread.sleep(50);
        }
        assertThat(anybody.get("/actuator/health/readiness").status()).isEqualTo(status);
    }

    private String reason() {
        return ofOther("")
                .get("/actuator/health/readiness")
                .body()
                .path("components")
                .path("database")
                .path("details")
                .path("reason")
                .asString();
    }

    @Test
    void oneWhoseDatabaseIsCutOffSaysSoRefusesAtOnceAndComesBack() throws Exception {
        Future<HostSpec> heldByOther =
                held(hostOfOther("worker-1").workload("db").register());

        relay.cut();
        try {
            assertThatThrownBy(() -> heldByOther.get(AT_ONCE_SECONDS, TimeUnit.SECONDS))
                    .as("the held call is ended, so that the agent turns to another replica")
                    .hasStackTraceContaining("503");
            awaitReadiness(503);
            assertThat(reason()).isNotBlank().doesNotContain(Integer.toString(relay.port()));
            for (String path : List.of("/api/v1/workers", "/api/agent/v1/sync", "/")) {
                RestCaller.Reply refused = ofOther("drain").get(path);
                assertThat(refused.status()).as(path).isEqualTo(503);
                assertThat(refused.text("code")).isEqualTo("DATABASE_UNREACHABLE");
                assertThat(refused.text("remedy")).contains("another replica");
            }
            assertThat(ofOther("").get("/actuator/health/liveness").status())
                    .as("a restart would not help")
                    .isEqualTo(200);
            assertThat(operator.get("/api/v1/workers/worker-1").status())
                    .as("the other replica")
                    .isEqualTo(200);
        } finally {
            relay.open();
        }
        awaitReadiness(200);
        assertThat(ofOther("drain").get("/api/v1/workers/worker-1").status()).isEqualTo(200);
    }

    @Test
    void aConnectionIsBoundedBesideWhatTheConfigurationSaysOfIt() {
        assertThat(other.getBean(HikariDataSource.class).getDataSourceProperties())
                .containsEntry("socketTimeout", "60")
                .containsKey("prepareThreshold");
    }

    @Test
    void oneWhoseDatabaseDoesNotAnswerKnowsItWithoutWaitingForIt() throws Exception {
        relay.holdUp();
        try {
            awaitReadiness(503);
            assertThat(reason()).contains("answer");
            long before = System.nanoTime();
            assertThat(ofOther("drain").get("/api/v1/workers").status()).isEqualTo(503);
            assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(AT_ONCE_SECONDS));
        } finally {
            relay.open();
        }
        awaitReadiness(200);
    }

    @Test
    @Timeout(120)
    void aTransactionOfOneThatWasStoppedHoldsNobodyUpForLong() throws Exception {
        FakeHost host = host("worker-1").register();
        var transaction = new TransactionTemplate(other.getBean(PlatformTransactionManager.class));
        transaction.setTimeout(120);
        var locked = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        Future<Throwable> stopped =
                threads.submit(() -> catchThrowable(() -> transaction.executeWithoutResult(status -> {
                    lock(other.getBean(JdbcClient.class), host);
                    locked.countDown();
                    awaitUninterruptibly(over);
                })));
        if (!locked.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError(
                    "has no lock", stopped.isDone() ? stopped.get() : new IllegalStateException(activity()));
        }

        Future<Integer> waiting = threads.submit(() -> sql.sql("update worker set cordoned = true where id = ?")
                .param(host.id().toString())
                .update());
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(1);
        over.countDown();
        assertThat(stopped.get(30, TimeUnit.SECONDS))
                .as("what it was at is refused")
                .satisfies(failure ->
                        assertThat(DatabaseUnreachable.saidBy(failure)).isTrue());
    }

    private static void lock(JdbcClient client, FakeHost host) {
        client.sql("select id from worker where id = ? for update")
                .param(host.id().toString())
                .query(String.class)
                .single();
    }

    private String activity() {
        return sql.sql("select application_name, state, wait_event, query from pg_stat_activity"
                        + " where datname = current_database()")
                .query()
                .listOfRows()
                .toString();
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void report(FakeHost host) {
        Future<HostSpec> ignored = threads.submit(host::sync);
        for (int i = 0; i < 500 && !ignored.isDone() && !known(host); i++) {
            Thread.onSpinWait();
        }
        assertThat(known(host)).isTrue();
    }

    private boolean known(FakeHost host) {
        return operator.get("/api/v1/workers/" + host.id())
                .body()
                .path("connected")
                .asBoolean();
    }

    private static final String LISTENERS =
            " from pg_stat_activity where application_name = 'sluice-listen' and datname = current_database()";

    private int listeners() {
        return sql.sql("select count(*)" + LISTENERS).query(Integer.class).single();
    }

    private int cutListeners() {
        return sql.sql("select pg_terminate_backend(pid)" + LISTENERS)
                .query(Boolean.class)
                .list()
                .size();
    }

    private static OutgoingGoal goal(Future<HostSpec> answer) throws Exception {
        return answer.get(AT_ONCE_SECONDS, TimeUnit.SECONDS)
                .outgoing()
                .getFirst()
                .goal();
    }
}
