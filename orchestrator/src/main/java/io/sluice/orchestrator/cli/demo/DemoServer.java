package io.sluice.orchestrator.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The orchestrator of the demo: {@code sluice server} with its embedded PostgreSQL, in a process of its own. */
final class DemoServer implements DemoService {

    /** A first start unpacks PostgreSQL and creates the schema; a busy machine needs a while for both. */
    private static final Duration START_LIMIT = Duration.ofMinutes(2);

    private final DemoProcess process;
    private final URI url;
    private final Path dataDirectory;

    private DemoServer(DemoProcess process, URI url, Path dataDirectory) {
        this.process = process;
        this.url = url;
        this.dataDirectory = dataDirectory;
    }

    static DemoServer start(Installation installation, Path directory, int port) {
        Path data = directory.resolve("data");
        DemoProcess process = DemoProcess.start(
                "the orchestrator",
                installation.orchestrator(
                        List.of("server", "--port", Integer.toString(port), "--data-dir", data.toString())),
                directory.resolve("server.log"));
        return new DemoServer(process, URI.create("http://127.0.0.1:" + port), data);
    }

    @Override
    public List<URI> urls() {
        return List.of(url);
    }

    @Override
    public void requireAlive() {
        process.requireAlive();
    }

    @Override
    public void askToStop() {
        process.askToStop();
    }

    @Override
    public void stop() {
        process.stop();
    }

    @Override
    public void awaitReady() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(url.resolve("/actuator/health"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            Await.until("the orchestrator answers at " + url, START_LIMIT, () -> {
                process.requireAlive();
                return status(http, request) == 200;
            });
        }
    }

    private static int status(HttpClient http, HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException notYet) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted while the orchestrator was starting", e);
        }
    }

    @Override
    public Path tokenFile(String role) {
        Path file = dataDirectory.resolve(role + "-token");
        if (!Files.isReadable(file)) {
            throw new DemoFailure("the orchestrator made no " + file);
        }
        return file;
    }
}
