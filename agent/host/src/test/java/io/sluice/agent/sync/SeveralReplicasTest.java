package io.sluice.agent.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.WorkerId;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

/** Which replica of the orchestrator is called when one is away, says that it can do nothing, or hangs. */
@Timeout(60)
class SeveralReplicasTest {
    private static final WorkerId A = new WorkerId("a");
    private static final Duration OVERTAKEN_LIMIT = Duration.ofMillis(300);

    private final AtomicLong nanos = new AtomicLong();
    private final JsonMapper json = new JsonMapper();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<AutoCloseable> open = new ArrayList<>();
    private long sequence;

    /** A replica whose calls wait until the test answers them. */
    private final class Server {
        private final HttpServer http;
        private final BlockingQueue<HttpExchange> calls = new LinkedBlockingQueue<>();

        Server() throws IOException {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            http.setExecutor(threads);
            http.createContext("/", exchange -> {
                exchange.getRequestBody().readAllBytes();
                calls.add(exchange);
            });
            http.start();
            open.add(() -> http.stop(0));
        }

        URI url() {
            return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
        }

        void answer(int status) throws Exception {
            HttpExchange call = calls.poll(30, TimeUnit.SECONDS);
            assertThat(call).as("a call to " + url()).isNotNull();
            byte[] body = status == 200
                    ? json.writeValueAsBytes(HostSpec.empty(A))
                    : "{\"code\":\"DATABASE_UNREACHABLE\",\"detail\":\"no\"}"
                            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
            call.sendResponseHeaders(status, body.length);
            call.getResponseBody().write(body);
            call.close();
        }

        void awaitCalls(int wanted) throws InterruptedException {
            while (calls.size() < wanted) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : open) {
            part.close();
        }
        threads.shutdownNow();
    }

    private HttpOrchestrator agentOf(Server... replicas) {
        List<URI> urls = java.util.Arrays.stream(replicas).map(Server::url).toList();
        HttpOrchestrator made = new HttpOrchestrator(
                new OrchestratorAddress(urls, "join", null), new Replicas(urls, nanos::get), OVERTAKEN_LIMIT);
        open.addFirst(made);
        return made;
    }

    private Callable<HostSpec> sync(HttpOrchestrator agent) {
        HostReport report = new HostReport(
                A,
                1,
                ++sequence,
                0,
                "boot",
                0,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null);
        return () -> agent.sync("credential", report);
    }

    private static CallFailedException.Cause failure(Future<HostSpec> call) throws InterruptedException {
        try {
            call.get();
            throw new AssertionError("was answered");
        } catch (ExecutionException e) {
            return ((CallFailedException) Objects.requireNonNull(e.getCause())).kind();
        }
    }

    @Test
    void theNextOneIsCalledAfterOneThatCannotBeReached() throws Exception {
        Server gone = new Server();
        Server second = new Server();
        HttpOrchestrator agent = agentOf(gone, second);
        gone.http.stop(0);

        assertThat(failure(threads.submit(sync(agent)))).isEqualTo(CallFailedException.Cause.AWAY);
        Future<HostSpec> call = threads.submit(sync(agent));
        second.answer(200);

        assertThat(call.get().worker()).isEqualTo(A);
    }

    @Test
    void theNextOneIsCalledAfterOneThatHasNoDatabaseAndThenTheFirstAgain() throws Exception {
        Server first = new Server();
        Server second = new Server();
        HttpOrchestrator agent = agentOf(first, second);
        for (Server server : List.of(first, second)) {
            Future<HostSpec> call = threads.submit(sync(agent));
            server.answer(503);
            assertThat(failure(call)).isEqualTo(CallFailedException.Cause.AWAY);
        }
        Future<HostSpec> call = threads.submit(sync(agent));
        first.answer(200);

        assertThat(call.get().worker()).isEqualTo(A);
    }

    @Test
    void oneThatRefusesIsNotLeftForTheNextWouldRefuseToo() throws Exception {
        Server first = new Server();
        HttpOrchestrator agent = agentOf(first, new Server());
        Future<HostSpec> call = threads.submit(sync(agent));
        first.answer(400);
        assertThat(failure(call)).isEqualTo(CallFailedException.Cause.REFUSED);
        Future<HostSpec> again = threads.submit(sync(agent));
        first.answer(200);

        assertThat(again.get().worker()).isEqualTo(A);
    }

    @Test
    void oneThatHangsIsLeftWhenItDoesNotEndAnOvertakenCall() throws Exception {
        Server hung = new Server();
        Server second = new Server();
        HttpOrchestrator agent = agentOf(hung, second);
        Future<HostSpec> older = threads.submit(sync(agent));
        hung.awaitCalls(1);
        Future<HostSpec> newer = threads.submit(sync(agent));

        assertThat(failure(older)).isEqualTo(CallFailedException.Cause.OVERTAKEN);
        assertThat(failure(newer)).isEqualTo(CallFailedException.Cause.AWAY);
        Future<HostSpec> again = threads.submit(sync(agent));
        second.answer(200);
        assertThat(again.get().worker()).isEqualTo(A);
    }

    @Test
    void anOvertakenCallThatAnotherReplicaHoldsIsEndedQuietly() throws Exception {
        Server behindOneAddress = new Server();
        HttpOrchestrator agent = agentOf(behindOneAddress);
        Future<HostSpec> older = threads.submit(sync(agent));
        behindOneAddress.awaitCalls(1);
        Future<HostSpec> newer = threads.submit(sync(agent));

        assertThat(failure(older)).isEqualTo(CallFailedException.Cause.OVERTAKEN);
        assertThat(newer.isDone()).isFalse();
    }

    @Test
    void theHostsOwnIsTriedAgainAfterAWhile() {
        Replicas replicas = new Replicas(List.of(URI.create("http://a"), URI.create("http://b")), nanos::get);
        replicas.leave(replicas.current(), "test");
        nanos.addAndGet(Replicas.HOME_AGAIN.toNanos());
        assertThat(replicas.current().place()).isEqualTo(1);
        nanos.addAndGet(1);

        assertThat(replicas.current().place()).isZero();
    }

    @Test
    void theFailureOfACallThatBeganEarlierDoesNotMoveItOnTwice() {
        Replicas replicas = new Replicas(
                List.of(URI.create("http://a"), URI.create("http://b"), URI.create("http://c")), nanos::get);
        Replicas.Replica left = replicas.current();
        replicas.leave(left, "test");
        replicas.leave(left, "test");

        assertThat(replicas.current().place()).isEqualTo(1);
    }

    @Test
    void hostsBeginWithDifferentOnesAndKeepTheOrder() {
        OrchestratorAddress address = new OrchestratorAddress(
                List.of(URI.create("http://a"), URI.create("http://b"), URI.create("http://c")), "join", null);

        assertThat(List.of("worker-1", "worker-2", "worker-3"))
                .extracting(name -> address.startingBy(name).urls().getFirst())
                .doesNotHaveDuplicates();
        assertThat(address.startingBy("worker-1").urls()).containsExactlyInAnyOrderElementsOf(address.urls());
        assertThatThrownBy(() -> new OrchestratorAddress(List.of(), "join", null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
