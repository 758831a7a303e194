package io.sluice.orchestrator.cli.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Free TCP ports of the loopback address. They are held together while they are chosen, so that none comes twice. */
final class Ports {

    private Ports() {}

    static List<Integer> free(int count) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                held.add(bound(0));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new DemoFailure("no free port on 127.0.0.1: " + e.getMessage(), e);
        } finally {
            held.forEach(Ports::close);
        }
    }

    /** {@code wished} when it is free, else any other. */
    static int freePreferring(int wished) {
        try (ServerSocket socket = bound(wished)) {
            return socket.getLocalPort();
        } catch (IOException taken) {
            return free(1).getFirst();
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
