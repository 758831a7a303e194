package io.sluice.orchestrator.cli.demo;

import io.sluice.orchestrator.cli.client.RestClient;
import io.sluice.orchestrator.cli.client.RestException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Several orchestrators on one database, each a process of its own with one set of tokens and one key. */
final class Replicas implements DemoService {
    /** For anything: what is waited for comes, or it does not; a busy machine may take its time. */
    static final Duration LIMIT = Duration.ofMinutes(8);

    private static final String READINESS = "/actuator/health/readiness";

    /** Short, so that they pass within a test; each is a documented key. */
    private static final Map<String, String> SETTINGS = Map.of(
            "SLUICE_REPLICA_LEASE", "2s",
            "SLUICE_REPLICA_ABANDONEDAFTER", "3s",
            "SLUICE_TICK", "500ms",
            // copies that were left are deleted, or the pools would fill up from test to test
            "SLUICE_RETAIN", "1s");

    private final Installation installation;
    private final Path directory;
    private final List<Integer> ports;
    private final List<Integer> databasePorts;
    private final List<DemoProcess> processes = new ArrayList<>();
    private final List<RestClient> clients = new ArrayList<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private Replicas(Installation installation, Path directory, List<Integer> databasePorts) {
        this.installation = installation;
        this.directory = directory;
        this.ports = Ports.free(databasePorts.size());
        this.databasePorts = databasePorts;
    }

    /** One for each port at which one finds the database. */
    static Replicas start(Installation installation, Path directory, List<Integer> databasePorts) {
        Replicas replicas = new Replicas(installation, directory, databasePorts);
        for (String role : List.of("join", "viewer", "operator", "admin")) {
            Texts.write(replicas.tokenFile(role), role + "-of-the-replicas");
        }
        Texts.write(directory.resolve("key"), Base64.getEncoder().encodeToString(new byte[32]));
        Texts.write(directory.resolve("password"), "unused");
        for (int i = 0; i < databasePorts.size(); i++) {
            replicas.clients.add(new RestClient(replicas.url(i), replicas.token("admin")));
            replicas.processes.add(replicas.process(i, Map.of()));
        }
        return replicas;
    }

    private DemoProcess process(int replica, Map<String, String> more) {
        Map<String, String> variables = new HashMap<>(SETTINGS);
        variables.putAll(more);
        return DemoProcess.start(
                "replica " + replica,
                installation.orchestrator(List.of(
                        "server",
                        "--port",
                        ports.get(replica).toString(),
                        "--data-dir",
                        directory.resolve("replica-" + replica).toString(),
                        "--database-url",
                        "jdbc:postgresql://127.0.0.1:" + databasePorts.get(replica) + "/postgres",
                        "--database-user",
                        SharedPostgres.USER,
                        "--database-password-file",
                        directory.resolve("password").toString(),
                        "--join-token-file",
                        tokenFile("join").toString(),
                        "--viewer-token-file",
                        tokenFile("viewer").toString(),
                        "--operator-token-file",
                        tokenFile("operator").toString(),
                        "--admin-token-file",
                        tokenFile("admin").toString(),
                        "--key-file",
                        directory.resolve("key").toString())),
                variables,
                log(replica));
    }

    Path log(int replica) {
        return directory.resolve("replica-" + replica + ".log");
    }

    int count() {
        return ports.size();
    }

    /** SIGKILL. */
    void kill(int replica) {
        processes.get(replica).kill();
    }

    long pid(int replica) {
        return processes.get(replica).pid();
    }

    /** SIGSTOP: it does nothing, and knows nothing of it. */
    void freeze(int replica) {
        signal("STOP", replica);
    }

    /** SIGCONT: it goes on with what it was at. */
    void thaw(int replica) {
        signal("CONT", replica);
    }

    private void signal(String name, int replica) {
        Signals.send(name, Long.toString(pid(replica)));
    }

    void startAgain(int replica, Map<String, String> variables) {
        processes.get(replica).stop();
        processes.set(replica, process(replica, variables));
    }

    int readiness(int replica) {
        return ask(replica, READINESS, HttpResponse::statusCode, 0);
    }

    /** What it says of itself to a load balancer. */
    String readinessWords(int replica) {
        return ask(replica, READINESS, HttpResponse::body, "");
    }

    /** Whether it has decided upon a report: some agent calls it. */
    boolean hasDecided(int replica) {
        String metrics = ask(replica, "/actuator/prometheus", HttpResponse::body, "");
        return metrics.lines()
                .filter(line -> line.startsWith("sluice_sync_decided_seconds_count"))
                .anyMatch(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))) > 0);
    }

    private <T> T ask(int replica, String path, Function<HttpResponse<String>, T> of, T unreachable) {
        HttpRequest request = HttpRequest.newBuilder(url(replica).resolve(path))
                .header("Authorization", "Bearer " + token("viewer"))
                .timeout(Duration.ofSeconds(10))
                .build();
        try {
            return of.apply(http.send(request, HttpResponse.BodyHandlers.ofString()));
        } catch (IOException notThere) {
            return unreachable;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted", e);
        }
    }

    void awaitReadiness(int replica, int status) {
        Await.until("replica " + replica + " has readiness " + status, LIMIT, () -> readiness(replica) == status);
    }

    private URI url(int replica) {
        return URI.create("http://127.0.0.1:" + ports.get(replica));
    }

    /** Asks one after another until one answers, as an operator does whose replica is away; what is asked may be repeated. */
    <T> T ask(Function<RestClient, T> question) {
        List<RuntimeException> failures = new ArrayList<>();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            for (int i = 0; i < count(); i++) {
                if (readiness(i) != 200) {
                    continue;
                }
                try {
                    return question.apply(clients.get(i));
                } catch (RestException.Refused e) {
                    if (e.status() < 500) {
                        throw e;
                    }
                    failures.add(e);
                } catch (RestException.Unreachable e) {
                    failures.add(e);
                }
            }
            Await.pause(Duration.ofMillis(200));
        }
        DemoFailure failure = new DemoFailure("no replica answers");
        failures.stream().skip(Math.max(0, failures.size() - 3L)).forEach(failure::addSuppressed);
        throw failure;
    }

    @Override
    public List<URI> urls() {
        return IntStream.range(0, count()).mapToObj(this::url).toList();
    }

    @Override
    public Path tokenFile(String role) {
        return directory.resolve(role + "-token");
    }

    @Override
    public void awaitReady() {
        for (int i = 0; i < count(); i++) {
            int replica = i;
            Await.until("replica " + replica + " is ready", LIMIT, () -> {
                processes.get(replica).requireAlive();
                return readiness(replica) == 200;
            });
        }
    }

    @Override
    public void requireAlive() {
        processes.forEach(DemoProcess::requireAlive);
    }

    @Override
    public void askToStop() {
        for (int i = 0; i < count(); i++) {
            thaw(i);
        }
        processes.forEach(DemoProcess::askToStop);
    }

    @Override
    public void stop() {
        processes.forEach(DemoProcess::stop);
        clients.forEach(RestClient::close);
        http.close();
    }
}
