package io.sluice.orchestrator.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service that gives scripted answers, in order and the last one for ever, and remembers what it was asked. */
final class FakeService implements AutoCloseable {

    static final String TOKEN = "a-token";

    private static final Answer UNKNOWN = new Answer(
            404,
            "{\"code\":\"UNKNOWN_WORKER\",\"detail\":\"there is no worker 'nope'\",\"remedy\":\"List what there is\"}");
    private static final Answer UNAUTHORIZED =
            new Answer(401, "{\"code\":\"UNAUTHORIZED\",\"detail\":\"the token is not known\"}");

    private final HttpServer server;
    private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private record Answer(int status, String body) {}

    FakeService() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException("cannot listen on the loopback address", noPort);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    FakeService on(String request, int status, String body) {
        answers.merge(request, queue(status, body), (earlier, later) -> {
            earlier.addAll(later);
            return earlier;
        });
        return this;
    }

    private static Deque<Answer> queue(int status, String body) {
        return new ArrayDeque<>(List.of(new Answer(status, body)));
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Method, path with query, and body of each request. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " "
                + exchange.getRequestURI().toString().replaceFirst("^/api/v1", "");
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(body.isEmpty() ? request : request + " " + body);
        boolean admitted =
                ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
        Answer answer = admitted ? next(request) : UNAUTHORIZED;
        byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private synchronized Answer next(String request) {
        Deque<Answer> scripted = answers.get(request);
        if (scripted == null) {
            return UNKNOWN;
        }
        Answer next = scripted.getFirst();
        if (scripted.size() > 1) {
            scripted.removeFirst();
        }
        return next;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
