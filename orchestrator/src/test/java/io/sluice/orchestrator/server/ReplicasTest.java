package io.sluice.orchestrator.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.OutgoingGoal;
import io.sluice.orchestrator.OrchestratorApplication;
import io.sluice.orchestrator.agents.HeldCalls;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** A second orchestrator on the same database: whichever an agent or an operator talks to, the other's calls are answered. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicasTest extends ServerTest {
    /** Far below the 20 s for which a call without news is held. */
    private static final long AT_ONCE_SECONDS = 8;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private ConfigurableApplicationContext other;
    private HeldCalls othersCalls;

    @BeforeAll
    void startAnother(@Autowired Environment environment) {
        SpringApplicationBuilder builder = new SpringApplicationBuilder(OrchestratorApplication.class);
        for (String key : new String[] {
            "sluice.data-dir",
            "sluice.key-file",
            "sluice.database.url",
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
        other = builder.properties("server.port=0").run();
        othersCalls = other.getBean(HeldCalls.class);
    }

    @AfterAll
    void stopOther() {
        threads.shutdownNow();
        other.close();
    }

    private FakeHost hostOfOther(String name) {
        String port = other.getEnvironment().getRequiredProperty("local.server.port");
        return new FakeHost(new RestCaller("http://127.0.0.1:" + port, "join-me", json), name);
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

        assertThat(cutListeners()).as("both listen").isEqualTo(2);
        operator.post("/api/v1/workers/worker-1/drain", Map.of());

        assertThat(goal(heldByOther)).isEqualTo(OutgoingGoal.OFFERED);
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

    private int cutListeners() {
        return sql.sql("""
                        select pg_terminate_backend(pid) from pg_stat_activity
                        where application_name = 'sluice-listen' and datname = current_database()""").query(Boolean.class).list().size();
    }

    private static OutgoingGoal goal(Future<HostSpec> answer) throws Exception {
        return answer.get(AT_ONCE_SECONDS, TimeUnit.SECONDS)
                .outgoing()
                .getFirst()
                .goal();
    }
}
