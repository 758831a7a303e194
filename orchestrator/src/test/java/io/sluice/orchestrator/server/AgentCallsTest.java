package io.sluice.orchestrator.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.agent.api.AgentApi;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.OutgoingGoal;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.orchestrator.agents.HeldCalls;
import io.sluice.orchestrator.agents.LeftCalls;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The agents' two calls, one at a time. */
class AgentCallsTest extends ServerTest {
    /** Far below the 20 s for which a call without news is held: an answer within it was not waited for. */
    private static final long AT_ONCE_SECONDS = 8;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @Autowired
    HeldCalls calls;

    @BeforeEach
    void endCallsOfTestsBefore() {
        LeftCalls.end(calls);
        await().atMost(AgentApi.HOLD.plusSeconds(10)).until(() -> calls.count() == 0);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    private Future<HostSpec> syncing(FakeHost host) {
        return threads.submit(host::sync);
    }

    /** Calls that nobody has to answer yet wait at the server. */
    private void heldCalls(int count) throws InterruptedException {
        for (int i = 0; i < 500 && calls.count() != count; i++) {
            Thread.sleep(20);
        }
        assertThat(calls.count()).isEqualTo(count);
    }

    private static HostSpec atOnce(Future<HostSpec> answer) throws Exception {
        return answer.get(AT_ONCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void registersAMachineOnceAndRenewsItsCredential() {
        FakeHost host = host("worker-1").register();
        RestCaller before = host.agent();

        host.register();

        assertThat(host.id().value()).isEqualTo("worker-1");
        assertThat(operator.get("/api/v1/workers").body().path("items").size()).isEqualTo(1);
        RestCaller.Reply old = before.post(AgentApi.SYNC, host.report());
        assertThat(old.status()).isEqualTo(401);
        assertThat(old.text("code")).isEqualTo("UNKNOWN_CREDENTIAL");
    }

    @Test
    void takesWhatAWorkerCanDoFromItsReports() throws Exception {
        FakeHost host = host("worker-1").register();
        assertThat(clonesByKernel("worker-1")).isFalse();
        host.capabilities = new RegisterRequest.Capabilities(true, true);
        Future<?> unusedFirst = syncing(host);
        for (int i = 0; i < 500 && !clonesByKernel("worker-1"); i++) {
            Thread.sleep(20);
        }
        assertThat(clonesByKernel("worker-1")).isTrue();

        host.capabilities = null;
        host.workload("says-nothing");
        Future<?> unusedSecond = syncing(host);
        for (int i = 0; i < 500 && !knows("says-nothing"); i++) {
            Thread.sleep(20);
        }
        assertThat(knows("says-nothing")).isTrue();
        assertThat(clonesByKernel("worker-1")).isTrue();
    }

    private boolean knows(String volume) {
        return operator.get("/api/v1/volumes").body().toString().contains(volume);
    }

    private boolean clonesByKernel(String worker) {
        return operator.get("/api/v1/workers/" + worker)
                .body()
                .path("capabilities")
                .path("dmClone")
                .asBoolean();
    }

    @Test
    void givesNoWorkerToAMachineWithAnotherClaim() {
        FakeHost host = host("worker-1").register();

        RestCaller.Reply reply =
                as("join-me").post(AgentApi.REGISTER, host.registration("machine-worker-1", "another claim"));

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.text("code")).isEqualTo("MACHINE_ID_TAKEN");
        assertThat(reply.text("detail")).contains("machine-worker-1");
        assertThat(reply.text("remedy")).isNotBlank();
    }

    @Test
    void givesASecondMachineOfOneNameAnIdOfItsOwn() {
        FakeHost host = host("worker-1").register();

        RestCaller.Reply reply = as("join-me").post(AgentApi.REGISTER, host.registration("another machine", "claim"));

        assertThat(reply.text("worker")).isEqualTo("worker-1-2");
    }

    @Test
    void refusesAWrongJoinTokenAndNone() {
        FakeHost host = host("worker-1");

        for (String token : new String[] {"not-it", "drain", ""}) {
            RestCaller.Reply reply = as(token).post(AgentApi.REGISTER, host.registration("machine", "claim"));
            assertThat(reply.status()).as("token '%s'", token).isEqualTo(401);
            assertThat(reply.type()).startsWith("application/problem+json");
            assertThat(reply.text("code")).isEqualTo("WRONG_JOIN_TOKEN");
        }
    }

    @Test
    void namesTheFieldOfARegistrationThatIsWrong() {
        RestCaller.Reply reply =
                as("join-me").post(AgentApi.REGISTER, host("worker-1").registration("machine", "claim".repeat(100)));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text("code")).isEqualTo("INVALID_REGISTRATION");
        assertThat(reply.text("detail")).contains("claim");
    }

    @Test
    void letsAnAgentSyncAsItselfOnly() {
        FakeHost one = host("worker-1").register();
        FakeHost other = host("worker-2").register();

        RestCaller.Reply reply = other.agent().post(AgentApi.SYNC, one.report());

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.text("code")).isEqualTo("FORBIDDEN_WORKER");
        assertThat(operator.get("/api/v1/workers/worker-1")
                        .body()
                        .path("connected")
                        .asBoolean())
                .isFalse();
    }

    @Test
    void answersAHeldCallAtOnceWhenTheOtherHostsReportMovesTheMigration() throws Exception {
        FakeHost source = host("worker-1").workload("db").register();
        FakeHost destination = host("worker-2").register();
        Future<HostSpec> sourceHeld = syncing(source);
        Future<HostSpec> destinationHeld = syncing(destination);
        heldCalls(2);

        operator.post("/api/v1/workers/worker-1/drain", Map.of());
        assertThat(atOnce(sourceHeld).outgoing().getFirst().goal()).isEqualTo(OutgoingGoal.OFFERED);
        assertThat(atOnce(destinationHeld).incoming()).hasSize(1);

        sourceHeld = syncing(source);
        heldCalls(1);
        assertThat(sourceHeld.isDone()).isFalse();
        destinationHeld = syncing(destination);

        assertThat(atOnce(sourceHeld).outgoing().getFirst().goal())
                .as("the destination's report, that all is attached, begins the cutover")
                .isEqualTo(OutgoingGoal.FROZEN);
        assertThat(destinationHeld.isDone()).isFalse();

        Future<HostSpec> newer = syncing(destination);
        assertThat(atOnce(destinationHeld).generation())
                .as("a newer sync of the same worker ends the older")
                .isEqualTo(destination.spec().generation());
        assertThat(newer.isDone()).isFalse();
    }

    @Test
    void dropsAReportThatIsOlderThanTheOneItHas() throws Exception {
        FakeHost host = host("worker-1").register();
        HostReport empty = host.report(1);
        host.workload("db");
        HostReport newer = host.report(5);
        Future<RestCaller.Reply> held = threads.submit(() -> host.agent().post(AgentApi.SYNC, newer));
        heldCalls(1);

        RestCaller.Reply late =
                threads.submit(() -> host.agent().post(AgentApi.SYNC, empty)).get(AT_ONCE_SECONDS, TimeUnit.SECONDS);

        assertThat(late.status()).isEqualTo(200);
        assertThat(operator.get("/api/v1/workers/worker-1")
                        .body()
                        .path("runningWorkloads")
                        .asInt())
                .isEqualTo(1);
        assertThat(held.isDone()).as("the newer call still waits").isFalse();
    }
}
