package io.sluice.orchestrator.cli.bench;

import io.sluice.agent.api.AgentApi;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.RegisterResponse;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.orchestrator.cli.bench.AgentConnection.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The simulated agents, each on a virtual thread with a connection of its own, and what they counted. */
final class SimulatedFleet implements AutoCloseable {
    /** So many at once: a fleet does not register in one moment, and the orchestrator's accept queue is bounded. */
    private static final int REGISTERING = 64;

    /** Of each worker, for volumes of those that are drained. */
    private static final int ROOM = 30;

    private static final int RACKS = 400;
    private static final int ZONES = 10;
    private static final ResourceRequest CAPACITY = new ResourceRequest(64_000, 256L << 30);

    private final InetSocketAddress server;
    private final String joinToken;
    private final JsonMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private final Decisions decisions = new Decisions();
    private final AtomicLong posted = new AtomicLong();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicInteger failures = new AtomicInteger();
    private final ConcurrentLinkedQueue<Thread> threads = new ConcurrentLinkedQueue<>();
    private volatile @Nullable String lastFailure;
    private volatile boolean over;
    private volatile LongSupplier hydrationNanos = () -> TimeUnit.SECONDS.toNanos(1);

    SimulatedFleet(InetSocketAddress server, String joinToken) {
        this.server = server;
        this.joinToken = joinToken;
    }

    /** How long the copying of each volume takes that begins from now on. */
    void hydrateFor(double seconds) {
        long nanos = (long) (seconds * 1e9);
        hydrationNanos = () -> nanos;
    }

    /** Likewise, each for another part of it. */
    void hydrateForAnyPartOf(double seconds) {
        hydrationNanos = () -> (long) (ThreadLocalRandom.current().nextDouble() * seconds * 1e9);
    }

    static String name(int index) {
        return "w%05d".formatted(index);
    }

    /** Registers workers of these numbers of volumes and lets their agents sync; returns when each has been answered to its registration. */
    void join(List<Integer> volumes) throws InterruptedException {
        Semaphore room = new Semaphore(REGISTERING);
        CountDownLatch left = new CountDownLatch(volumes.size());
        IntStream.range(0, volumes.size()).forEach(index -> {
            Thread agent = Thread.ofVirtual().name("agent-" + index).unstarted(() -> {
                SimulatedAgent ready = registered(index, volumes.get(index), room, left);
                if (ready != null) {
                    ready.run();
                }
            });
            threads.add(agent);
            agent.start();
        });
        left.await();
    }

    private @Nullable SimulatedAgent registered(int index, int volumeCount, Semaphore room, CountDownLatch left) {
        try {
            room.acquire();
            try (AgentConnection connection = connect()) {
                RegisterResponse identity = register(connection, name(index), index);
                return new SimulatedAgent(
                        this,
                        new SimulatedHost(identity.worker(), volumeCount, ROOM, () -> hydrationNanos.getAsLong()),
                        identity.credential());
            } finally {
                room.release();
            }
        } catch (IOException e) {
            failed(name(index) + ": " + e);
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            left.countDown();
        }
    }

    RegisterResponse register(AgentConnection connection, String name, int index) throws IOException {
        RegisterRequest request = new RegisterRequest(
                "machine-" + name,
                "claim-" + name,
                name,
                new RegisterRequest.Location("eu", "z" + index % ZONES, "k" + index % RACKS),
                Map.of(),
                new Portal("127.0.0.1", 3260),
                "iqn.2026-11.io.sluice:initiator." + name,
                new RegisterRequest.Capabilities(false, true),
                CAPACITY,
                "bench");
        connection.post(AgentApi.REGISTER, joinToken, json.writeValueAsBytes(request));
        Answer answer = connection.answer(AgentConnection.ANSWER_MILLIS);
        if (answer == null || answer.status() != 200) {
            throw new IOException("registration answered " + answer);
        }
        return json.readValue(answer.body(), RegisterResponse.class);
    }

    AgentConnection connect() throws IOException {
        return new AgentConnection(server);
    }

    JsonMapper json() {
        return json;
    }

    Decisions decisions() {
        return decisions;
    }

    void posted() {
        posted.incrementAndGet();
    }

    void answered() {
        answered.incrementAndGet();
    }

    long postedSoFar() {
        return posted.get();
    }

    long answeredSoFar() {
        return answered.get();
    }

    void failed(String words) {
        if (!over) {
            failures.incrementAndGet();
            lastFailure = words;
        }
    }

    int failures() {
        return failures.get();
    }

    @Nullable
    String lastFailure() {
        return lastFailure;
    }

    boolean over() {
        return over;
    }

    @Override
    public void close() {
        over = true;
        threads.forEach(Thread::interrupt);
    }
}
