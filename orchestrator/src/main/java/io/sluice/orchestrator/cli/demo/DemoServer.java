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
import org.jspecify.annotations.Nullable;

/** The orchestrator of the demo: {@code sluice server} with its embedded PostgreSQL, in a process of its own. */
final class DemoServer implements DemoService {

    /** A first start unpacks PostgreSQL and creates the schema; a busy machine needs a while for both. */
    private static final Duration START_LIMIT = Duration.ofMinutes(5);

    private final DemoProcess process;
    private final Path dataDirectory;

    private DemoServer(DemoProcess process, Path dataDirectory) {
        this.process = process;
        this.dataDirectory = dataDirectory;
    }

    /** At that port where it is free, else at any other. */
    static DemoServer start(Installation installation, Path directory, int port) {
        Path data = directory.resolve("data");
        DemoProcess process = DemoProcess.start(
                "the orchestrator",
                installation.orchestrator(List.of(
                        "server", "--port", Integer.toString(port), "--or-any-port", "--data-dir", data.toString())),
                directory.resolve("server.log"));
        return new DemoServer(process, data);
    }

    @Override
    public List<URI> urls() {
        URI url = told();
        if (url == null) {
            throw new DemoFailure("the orchestrator has not said yet where it listens");
        }
        return List.of(url);
    }

    /** What it left for commands run beside it, once it listens; null until then. */
    private @Nullable URI told() {
        Path file = dataDirectory.resolve("url");
        String text = Files.isReadable(file) ? Texts.read(file) : "";
        return text.endsWith("\n") ? URI.create(text.strip()) : null;
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
        Await.until("the orchestrator says where it listens", START_LIMIT, () -> {
            process.requireAlive();
            return told() != null;
        });
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(url().resolve("/actuator/health"))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            Await.until("the orchestrator answers at " + url(), START_LIMIT, () -> {
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
