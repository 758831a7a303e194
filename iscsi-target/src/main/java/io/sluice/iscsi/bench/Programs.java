package io.sluice.iscsi.bench;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Programs of this machine, and Sluice's own. */
final class Programs {

    private static final int LINES_BEFORE_READY = 200;
    private static final int POLL_MILLIS = 20;

    private Programs() {}

    /** Where a program is; null if it is not installed. */
    static @Nullable Path find(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Arrays.stream(path.split(File.pathSeparator)), Stream.of("/usr/sbin", "/usr/bin"))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
    }

    /** Why a program is not there; null if it is. */
    static @Nullable String missing(String program, String debianPackage) {
        return find(program) == null
                ? "%s is not installed: apt-get install %s".formatted(program, debianPackage)
                : null;
    }

    /** A command of Sluice as a user starts it; without an installation around, as this JVM was started. */
    static List<String> sluice(Class<?> main, List<String> words) {
        String home = System.getProperty("sluice.home");
        if (home != null) {
            List<String> command = new ArrayList<>(List.of(home + "/sluice"));
            command.addAll(words);
            return command;
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(words.subList(1, words.size()));
        return command;
    }

    /** Starts a server, which ends with this process at the latest. */
    static Process start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroyForcibly));
        return process;
    }

    /** The first group of the first line of a process's output that matches. */
    static String awaitLine(Process process, Pattern pattern) throws IOException {
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (int count = 0; count < LINES_BEFORE_READY; count++) {
            String line = lines.readLine();
            if (line == null) {
                break;
            }
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        process.destroyForcibly();
        throw new IOException("%s did not say that it is ready"
                .formatted(process.info().command().orElse("server")));
    }

    /** Runs a program to its end and returns what it printed. */
    static String output(List<String> command, long limitSeconds) throws IOException {
        Path file = Files.createTempFile("sluice-bench-", ".out");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(file.toFile())
                    .start();
            if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + " takes more than " + limitSeconds + " s");
            }
            String output = Files.readString(file);
            if (process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + " failed: " + output.strip());
            }
            return output;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** A port that is free now, for servers that do not choose one themselves. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Returns when something listens there. */
    static void awaitPort(Process process, int port, long limitMillis) throws IOException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
        while (!listens(port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroyForcibly();
                throw new IOException("nothing listens on port " + port);
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
        }
    }

    private static boolean listens(int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (ConnectException notYet) {
            return false;
        }
    }
}
