package io.sluice.iscsi.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The target command in a process of its own, to be killed. */
final class TargetProcess {

    static final String IQN = "iqn.2026-11.io.sluice:restarted";

    private final Process process;

    private TargetProcess(Process process) {
        this.process = process;
    }

    /** Returns when it listens. */
    static TargetProcess serving(int port, Path disk, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TargetCommand.class.getName(),
                "--portal",
                "127.0.0.1:" + port,
                "--iqn",
                IQN,
                "--lun",
                disk.toString()));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("serving ")) {
                Thread.ofVirtual().start(() -> out.lines().forEach(ignored -> {}));
                return new TargetProcess(process);
            }
        }
        throw new IOException("the target did not start");
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** As the kernel does it when memory runs out: nothing is said to anyone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("still there after SIGKILL");
        }
    }
}
