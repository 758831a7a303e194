package io.sluice.agent.command;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Programs as processes. Each is led by {@code setsid}, in a session and process group of its own: no signal meant for the
 * agent or its terminal reaches it, and at its limit the whole group can be killed.
 */
public final class ProcessCommands implements Commands {
    private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /** As much of the output as fits a message that people read. */
    private static final int TAIL_BYTES = 2048;

    /** A killed group is gone at once, unless the kernel holds a process in I/O: then waiting longer does not help. */
    private static final int SECONDS_TO_DIE = 5;

    @Override
    public CommandResult run(Command command) {
        String program = command.arguments().getFirst();
        if (program.startsWith("/") && !Files.isExecutable(Path.of(program))) {
            return new CommandResult.NotStarted(program + " is no executable file");
        }
        Process process;
        try {
            process = start(command);
        } catch (IOException e) {
            return new CommandResult.NotStarted(String.valueOf(e.getMessage()));
        }
        try {
            if (process.waitFor(command.limit().toMillis(), TimeUnit.MILLISECONDS)) {
                return new CommandResult.Exited(process.exitValue(), tail(command.output()));
            }
            killGroup(process);
            return new CommandResult.TimedOut(tail(command.output()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CommandResult.NotStarted("the agent stops; " + command + " goes on by itself");
        }
    }

    private static Process start(Command command) throws IOException {
        List<String> line = new ArrayList<>();
        line.add("setsid");
        line.addAll(command.arguments());
        Path directory = command.output().toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory);
        }
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(command.output().toFile());
        builder.environment().clear();
        builder.environment().put("PATH", PATH);
        builder.environment().putAll(command.environment());
        return builder.start();
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
