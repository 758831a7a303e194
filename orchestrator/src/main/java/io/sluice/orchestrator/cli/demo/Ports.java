package io.sluice.orchestrator.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Free TCP ports of the loopback address. They are held together while they are chosen, so that none comes twice, and lie where the
 * kernel takes none for a connection that goes out: who is to listen there may do so late, and again.
 */
final class Ports {
    private static final Path OUTGOING = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    /** Below lie more of the well-known ones. */
    private static final int LOWEST = 20_000;

    private static final int ATTEMPTS = 100;

    private Ports() {}

    static List<Integer> free(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(anyBound());
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new DemoFailure("no free port on 127.0.0.1: " + e.getMessage(), e);
        } finally {
            held.forEach(Ports::close);
        }
    }

    private static ServerSocket anyBound() throws IOException {
        int end = firstOutgoing();
        for (int attempt = 0; attempt < ATTEMPTS && end > LOWEST; attempt++) {
            ServerSocket socket = boundUnlessTaken(ThreadLocalRandom.current().nextInt(LOWEST, end));
            if (socket != null) {
                return socket;
            }
        }
        return bound(0);
    }

    private static @Nullable ServerSocket boundUnlessTaken(int port) throws IOException {
        try {
            return bound(port);
        } catch (BindException taken) {
            return null;
        }
    }

    /** A file of the kernel's that is answered by one read alone: whoever asks for its first byte gets no other (sysctl, proc_dointvec). */
    static int firstOutgoing() throws IOException {
        if (!Files.isReadable(OUTGOING)) {
            return LOWEST;
        }
        try (BufferedReader reader = Files.newBufferedReader(OUTGOING)) {
            return Integer.parseInt(String.valueOf(reader.readLine()).strip().split("\\s+", 2)[0]);
        }
    }

    private static ServerSocket bound(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private static void close(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new DemoFailure("cannot give back port " + socket.getLocalPort() + ": " + e.getMessage(), e);
        }
    }
}
