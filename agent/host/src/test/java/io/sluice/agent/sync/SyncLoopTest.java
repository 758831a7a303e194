package io.sluice.agent.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.agent.api.AgentApi;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Outgoing;
import io.sluice.agent.api.OutgoingGoal;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.reconcile.HostAgent;
import io.sluice.agent.testing.FakeFleet;
import io.sluice.agent.testing.FakeHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The loop and the registrar against a real HTTP server on loopback that answers as each test says. */
class SyncLoopTest {
    private static final WorkerId A = new WorkerId("a");
    private static final WorkloadId DB = new WorkloadId("db");
    private static final long LIMIT_SECONDS = 30;

    private record Call(HttpExchange exchange, String body) {}

    @TempDir
    Path directory;

    private final JsonMapper json = new JsonMapper();
    private final BlockingQueue<Call> calls = new LinkedBlockingQueue<>();
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Wakeup wakeup = new Wakeup();
    private HttpServer server;
    private HttpOrchestrator orchestrator;
    private Thread running;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> calls.add(new Call(
                        exchange, new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))));
        server.start();
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        orchestrator = new HttpOrchestrator(new OrchestratorAddress(List.of(url), "join", null));
        running = new Thread(() -> {});
    }

    @AfterEach
    void end() throws InterruptedException {
        running.interrupt();
        running.join();
        orchestrator.close();
        server.stop(0);
    }

    private Call next() throws InterruptedException {
        Call call = calls.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(call).as("a call within " + LIMIT_SECONDS + " s").isNotNull();
        return call;
    }

    private void answer(Call call, int status, Object body) throws IOException {
        byte[] bytes = json.writeValueAsBytes(body);
        call.exchange().sendResponseHeaders(status, bytes.length);
        call.exchange().getResponseBody().write(bytes);
        call.exchange().close();
    }

    private HostReport report(Call call) {
        return json.readValue(call.body(), HostReport.class);
    }

    private FakeHost runAgent() {
        FakeHost host = new FakeFleet().addHost(A);
        host.addPool(new PoolName("main"), 1 << 20);
        host.addVolume(new VolumeId("v1"), new PoolName("main"), 4);
        host.addWorkload(
                new WorkloadDefinition(
                        DB, List.of(new VolumeId("v1")), "none", null, null, Map.of(), ResourceRequest.NONE, 1, 1),
                WorkloadStatus.RUNNING);
        HostAgent agent = host.startAgent(
                action -> {
                    action.run();
                    wakeup.ring();
                },
                random);
        SyncLoop loop = new SyncLoop(
                agent, orchestrator, call -> Thread.ofVirtual().start(call), wakeup, Clock.systemUTC(), random);
        running = Thread.ofPlatform().start(loop::run);
        loop.registered(new WorkerIdentity("machine", "claim", A, "credential"));
        return host;
    }

    private static HostSpec freeze(long generation) {
        Outgoing part = new Outgoing(new MigrationId("m1"), 1, OutgoingGoal.FROZEN, DB, List.of(), 0);
        return new HostSpec(A, generation, List.of(part), List.of());
    }

    @Test
    void aSpecIsActedOnAndReportedAtOnceOnAnotherConnection() throws Exception {
        runAgent();
        Call held = next();
        assertThat(held.exchange().getRequestURI().getPath()).isEqualTo(AgentApi.SYNC);
        assertThat(held.exchange().getRequestHeaders().getFirst("Authorization"))
                .isEqualTo("Bearer credential");
        answer(held, 200, freeze(1));

        HostReport done = report(next());
        while (done.actionsPending() > 0 || done.workloads().getFirst().status() != WorkloadStatus.STOPPED) {
            done = report(next());
        }
        assertThat(done.appliedGeneration()).isEqualTo(1);
        assertThat(done.workloads().getFirst().held()).isTrue();
    }

    @Test
    void theAnswerOfAnOvertakenCallDoesNotUndoANewerSpec() throws Exception {
        FakeHost host = runAgent();
        Call first = next();
        host.addVolume(new VolumeId("v2"), new PoolName("main"), 4);
        wakeup.ring();
        Call second = next();
        assertThat(report(second).sequence()).isGreaterThan(report(first).sequence());
        answer(second, 200, freeze(2));
        HostReport newer = report(next());
        answer(first, 200, HostSpec.empty(A));
        while (newer.appliedGeneration() < 2) {
            newer = report(next());
        }
        host.addVolume(new VolumeId("v3"), new PoolName("main"), 4);
        wakeup.ring();
        HostReport last = report(next());
        while (last.volumes().size() < 3) {
            last = report(next());
        }

        assertThat(last.appliedGeneration()).isEqualTo(2);
    }

    @Test
    void theLoopComesBackAfterTheOrchestratorFailed() throws Exception {
        runAgent();
        answer(next(), 503, Map.of("code", "STARTING"));
        Call again = next();
        answer(again, 200, freeze(3));
        HostReport report = report(next());
        while (report.appliedGeneration() < 3) {
            report = report(next());
        }
        assertThat(report.worker()).isEqualTo(A);
    }

    @Test
    void anIdentityIsMadeOnceKeptToItselfAndSentBeforeItIsRegistered() throws Exception {
        WorkerIdentity made = WorkerIdentity.load(directory);
        Path file = directory.resolve("identity.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        BlockingQueue<WorkerIdentity> registered = new LinkedBlockingQueue<>();
        running = Thread.ofPlatform().start(() -> {
            try {
                registered.add(new Registrar(orchestrator, directory, random).register(made, SyncLoopTest::request));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        answer(next(), 503, Map.of());
        Call call = next();
        assertThat(call.exchange().getRequestHeaders().getFirst("Authorization"))
                .isEqualTo("Bearer join");
        assertThat(call.body()).contains(made.machineId(), made.claim());
        answer(call, 200, Map.of("worker", "a", "credential", "secret"));

        WorkerIdentity done = registered.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
        assertThat(done).isEqualTo(new WorkerIdentity(made.machineId(), made.claim(), A, "secret"));
        assertThat(WorkerIdentity.load(directory)).isEqualTo(done);
        assertThat(String.valueOf(done)).doesNotContain("secret,", made.claim());
    }

    private static RegisterRequest request(WorkerIdentity who) {
        return new RegisterRequest(
                who.machineId(),
                who.claim(),
                "a",
                new RegisterRequest.Location(null, null, null),
                Map.of(),
                new io.sluice.agent.api.Portal("127.0.0.1", 3260),
                "iqn.2026-11.io.sluice:worker.a",
                new RegisterRequest.Capabilities(false, true),
                ResourceRequest.NONE,
                "test");
    }
}
