package io.sluice.agent.command;

import io.sluice.agent.command.Command.Output;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Programs as processes. Each is led by {@code setsid}, in a session and process group of its own: no signal meant for the
 * agent or its terminal reaches it, and at its limit the whole group can be killed.
 */
public final class ProcessCommands implements Commands {
    private static final Logger log = LoggerFactory.getLogger(ProcessCommands.class);

    /** As much of the output as fits a message that people read. */
    private static final int TAIL_BYTES = 2048;

    /** A killed group is gone at once, unless the kernel holds a process in I/O: then waiting longer does not help. */
    private static final int SECONDS_TO_DIE = 5;

    @Override
    public CommandResult run(Command command) {
        long began = System.nanoTime();
        try {
            return ended(command);
        } finally {
            log.debug("command ended program={} micros={}", command, (System.nanoTime() - began) / 1000);
        }
    }

    private CommandResult ended(Command command) {
        String program = find(command.program());
        if (program == null) {
            return new CommandResult.NotStarted(command.program() + " is no executable file");
        }
        try {
            return switch (command.output()) {
                case Output.ToFile to -> logged(command, start(command, program, to.file()), to.file());
                case Output.Captured within -> captured(command, start(command, program, null), within.mostBytes());
            };
        } catch (IOException e) {
            return new CommandResult.NotStarted(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CommandResult.NotStarted("the agent stops; " + command + " goes on by itself");
        }
    }

    /** The program's file; null when there is none that can be run. */
    public static @Nullable String find(String program) {
        if (program.contains("/")) {
            return Files.isExecutable(Path.of(program)) ? program : null;
        }
        for (String directory : Command.PATH) {
            Path file = Path.of(directory, program);
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return null;
    }

    private static Process start(Command command, String program, @Nullable Path file) throws IOException {
        List<String> line = new ArrayList<>(command.arguments());
        line.set(0, program);
        line.addFirst("setsid");
        ProcessBuilder builder = new ProcessBuilder(line);
        if (file != null) {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            builder.redirectErrorStream(true).redirectOutput(file.toFile());
        }
        if (command.input().text().isEmpty()) {
            builder.redirectInput(new File("/dev/null"));
        }
        builder.environment().clear();
        builder.environment().put("PATH", String.join(":", Command.PATH));
        builder.environment().putAll(command.environment());
        Process process = builder.start();
        feed(process, command.input());
        return process;
    }

    private static void feed(Process process, Command.Input input) {
        if (input.text().isEmpty()) {
            return;
        }
        try (OutputStream stream = process.getOutputStream()) {
            stream.write(input.text().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // A program that ended without reading says why by its exit code and its errors.
            return;
        }
    }

    private static CommandResult logged(Command command, Process process, Path file) throws InterruptedException {
        if (process.waitFor(command.limit().toMillis(), TimeUnit.MILLISECONDS)) {
            return new CommandResult.Exited(process.exitValue(), tail(file), "");
        }
        killGroup(process);
        return new CommandResult.TimedOut(tail(file), "");
    }

    private static CommandResult captured(Command command, Process process, int mostBytes) throws InterruptedException {
        Captured output = Captured.whole(process.getInputStream(), mostBytes, process);
        Captured errors = Captured.end(process.getErrorStream(), TAIL_BYTES);
        boolean ended = process.waitFor(command.limit().toMillis(), TimeUnit.MILLISECONDS);
        if (output.overran()) {
            killGroup(process);
            return new CommandResult.PrintedTooMuch(mostBytes);
        }
        if (!ended) {
            killGroup(process);
            return new CommandResult.TimedOut(output.text(), errors.text().strip());
        }
        String text = output.text();
        return output.overran()
                ? new CommandResult.PrintedTooMuch(mostBytes)
                : new CommandResult.Exited(
                        process.exitValue(), text, errors.text().strip());
    }

    private static void killGroup(Process process) throws InterruptedException {
        try {
            Process kill = new ProcessBuilder("kill", "-KILL", "--", "-" + process.pid())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            kill.waitFor(SECONDS_TO_DIE, TimeUnit.SECONDS);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run kill for process group " + process.pid(), e);
        }
        process.destroyForcibly();
        process.waitFor(SECONDS_TO_DIE, TimeUnit.SECONDS);
    }

    private static String tail(Path output) {
        try (RandomAccessFile file = new RandomAccessFile(output.toFile(), "r")) {
            long from = Math.max(0, file.length() - TAIL_BYTES);
            byte[] bytes = new byte[(int) Math.min(TAIL_BYTES, file.length() - from)];
            file.seek(from);
            file.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "(its output cannot be read: " + e.getMessage() + ")";
        }
    }
}
