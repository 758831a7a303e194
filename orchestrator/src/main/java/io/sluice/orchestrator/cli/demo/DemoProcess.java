package io.sluice.orchestrator.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One process of the demo, its output in a log file. Ended by its handle, never by name. */
final class DemoProcess {

    /** A process that has not ended this long after SIGTERM is killed. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final String name;
    private final Process process;
    private final Path log;

    private DemoProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    static DemoProcess start(String name, List<String> command, Path log) {
        return start(name, command, Map.of(), log);
    }

    /** With these variables beside those of this process. */
    static DemoProcess start(String name, List<String> command, Map<String, String> variables, Path log) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(variables);
            Process process = builder.start();
            process.getOutputStream().close();
            return new DemoProcess(name, process, log);
        } catch (IOException e) {
            throw new DemoFailure("cannot start " + name + ": " + e.getMessage(), e);
        }
    }

    long pid() {
        return process.pid();
    }

    /** Waits for a process that ends by itself and well. */
    void awaitSuccess(Duration limit) {
        awaitEnd(limit);
        if (process.exitValue() != 0) {
            throw new DemoFailure(name + " ended with exit code " + process.exitValue() + tail());
        }
    }

    void awaitEnd(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                stop();
                throw new DemoFailure(name + " did not end within " + limit.toSeconds() + " s" + tail());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted while waiting for " + name, e);
        }
    }

    void requireAlive() {
        if (!process.isAlive()) {
            throw new DemoFailure(name + " ended with exit code " + process.exitValue() + tail());
        }
    }

    void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted while killing " + name, e);
        }
    }

    void askToStop() {
        process.destroy();
    }

    void stop() {
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

    /** The last lines of the log, as the end of a message. */
    private String tail() {
        try (Stream<String> lines = Files.lines(log)) {
            List<String> all = lines.toList();
            return "; the end of " + log + ":\n  "
                    + String.join("\n  ", all.subList(Math.max(0, all.size() - 12), all.size()));
        } catch (IOException e) {
            return "; its log is " + log;
        }
    }
}
