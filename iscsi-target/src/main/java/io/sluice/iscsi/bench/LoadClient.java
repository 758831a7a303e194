package io.sluice.iscsi.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Makes load: all sessions on the calling thread, so that the server has the other cores. */
final class LoadClient {

    /** A server that says nothing for as long is taken for stuck. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private LoadClient() {}

    /** Runs a work for {@code before}, which does not count, and then for {@code measured}. */
    static Measurement run(Served server, Work work, long fileBytes, Duration before, Duration measured)
            throws IOException {
        List<LoadSession> sessions = new ArrayList<>();
        try (Selector selector = Selector.open()) {
            try {
                for (int index = 0; index < work.sessions(); index++) {
                    sessions.add(LoadSession.open(server, work, index, fileBytes, selector));
                }
                return run(server, sessions, selector, before, measured);
            } finally {
                for (LoadSession session : sessions) {
                    session.close();
                }
            }
        }
    }

    private static Measurement run(
            Served server, List<LoadSession> sessions, Selector selector, Duration before, Duration measured)
            throws IOException {
        for (LoadSession session : sessions) {
            session.start();
        }
        serve(selector, endingIn(before));
        Latency latency = new Latency();
        long requestsBefore = 0;
        for (LoadSession session : sessions) {
            requestsBefore += session.requests();
            session.record(latency);
        }
        Duration cpuBefore = server.cpu();
        long start = System.nanoTime();
        serve(selector, endingIn(measured));
        long nanos = System.nanoTime() - start;
        Duration cpu = server.cpu().minus(cpuBefore);
        long requests = sessions.stream().mapToLong(LoadSession::requests).sum() - requestsBefore;
        sessions.forEach(LoadSession::end);
        serve(selector, () -> sessions.stream().allMatch(LoadSession::idle));
        long bytes = requests * sessions.getFirst().blockBytes();
        return new Measurement(requests, bytes, Duration.ofNanos(nanos), cpu, latency);
    }

    private static BooleanSupplier endingIn(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        return () -> System.nanoTime() >= end;
    }

    private static void serve(Selector selector, BooleanSupplier over) throws IOException {
        while (!over.getAsBoolean()) {
            int ready = selector.select(
                    key -> {
                        if (key.attachment() instanceof LoadSession session) {
                            ready(session);
                        }
                    },
                    SILENCE.toMillis());
            if (ready == 0) {
                throw new SocketTimeoutException("the server says nothing for " + SILENCE.toSeconds() + " s");
            }
        }
    }

    private static void ready(LoadSession session) {
        try {
            session.ready();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
