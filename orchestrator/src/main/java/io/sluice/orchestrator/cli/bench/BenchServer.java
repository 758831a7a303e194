package io.sluice.orchestrator.cli.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code sluice server} in a process of its own, started with the options that the launcher starts it with. */
final class BenchServer implements AutoCloseable {
    /** Set by the launcher, separated by commas. */
    private static final String OPTIONS = "sluice.server.options";

    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final int LOG_LINES = 12;

    /** The kernel counts processor time for programs in hundredths of a second. */
    private static final double MILLIS_PER_TICK = 10;

    private final Process process;
    private final int port;
    private final Path directory;
    private final Path log;

    private BenchServer(Process process, int port, Path directory, Path log) {
        this.process = process;
        this.port = port;
        this.directory = directory;
        this.log = log;
    }

    static BenchServer start(Path directory, List<String> databaseOptions, int heapMegabytes)
            throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(System.getProperty(OPTIONS, "-XX:+UseG1GC").split(",", -1)));
        command.add("-Xmx" + heapMegabytes + "m");
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), "io.sluice.orchestrator.cli.Main", "server"));
        command.addAll(List.of("--port", Integer.toString(port), "--data-dir", directory.toString()));
        command.addAll(databaseOptions);
        for (String role : List.of("join", "operator")) {
            Path file = Files.writeString(directory.resolve(role), "bench-" + role + "-" + System.nanoTime());
            command.addAll(List.of("--" + role + "-token-file", file.toString()));
        }
        Path key = Files.writeString(
                directory.resolve("key"), java.util.Base64.getEncoder().encodeToString(new byte[32]));
        command.addAll(List.of("--key-file", key.toString()));
        Path log = directory.resolve("server.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        // interrupted, the benchmark takes its orchestrator with it
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        BenchServer server = new BenchServer(process, port, directory, log);
        try {
            server.awaitReady();
        } catch (IOException | InterruptedException | RuntimeException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        HttpRequest request = HttpRequest.newBuilder(url().resolve("/actuator/health"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            while (true) {
                try {
                    if (http.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200) {
                        return;
                    }
                } catch (IOException notYet) {
                    requireAlive();
                }
                if (System.nanoTime() > end) {
                    throw new BenchFailure(
                            "the orchestrator was not ready within " + START_LIMIT.toSeconds() + " s" + tail());
                }
                Thread.sleep(200);
            }
        }
    }

    void requireAlive() {
        if (!process.isAlive()) {
            throw new BenchFailure("the orchestrator ended with exit code " + process.exitValue() + tail());
        }
    }

    private String tail() {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> all = lines.toList();
            return "; the end of its log:\n  "
                    + String.join("\n  ", all.subList(Math.max(0, all.size() - LOG_LINES), all.size()));
        } catch (IOException e) {
            return "; its log cannot be read: " + e.getMessage();
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    String token(String role) throws IOException {
        return Files.readString(directory.resolve(role));
    }

    long pid() {
        return process.pid();
    }

    /** Resident memory now, and the most it ever was, in MiB. */
    Memory memory() throws IOException {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        return new Memory(mebibytes(status, "VmRSS:"), mebibytes(status, "VmHWM:"));
    }

    /** Time it has spent on processors, its own and in the kernel (proc(5)); says what a figure costs on a machine that is busy with more. */
    double cpuMillis() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MILLIS_PER_TICK;
    }

    record Memory(long residentMebibytes, long mostMebibytes) {}

    private static long mebibytes(Path status, String key) throws IOException {
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(kibibytes -> Long.parseLong(kibibytes) >> 10)
                .findFirst()
                .orElse(0);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
