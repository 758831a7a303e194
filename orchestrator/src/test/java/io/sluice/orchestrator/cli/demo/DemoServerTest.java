package io.sluice.orchestrator.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.orchestrator.cli.client.RestClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers that all would like one port, each a process. */
class DemoServerTest {
    private static final int ANY = 0;

    @TempDir
    Path directory;

    private final List<DemoServer> servers = new ArrayList<>();

    private DemoServer start(String name, int port) throws IOException {
        DemoServer server =
                DemoServer.start(Installation.here(), Files.createDirectories(directory.resolve(name)), port);
        servers.add(server);
        return server;
    }

    @AfterEach
    void stop() {
        servers.forEach(DemoServer::askToStop);
        servers.forEach(DemoServer::stop);
    }

    private static void assertServes(DemoServer server) {
        server.awaitReady();
        try (RestClient client = server.client()) {
            assertThat(client.workers()).isEmpty();
        }
    }

    /** All find the port free when they look; one gets it. */
    @Test
    void startedAtOnceOneGetsThePortAndTheOtherTellsAnother() throws IOException {
        int wished = Ports.free(1).getFirst();
        DemoServer first = start("first", wished);
        DemoServer second = start("second", wished);

        assertServes(first);
        assertServes(second);
        assertThat(List.of(first.url().getPort(), second.url().getPort()))
                .doesNotHaveDuplicates()
                .contains(wished);
    }

    @Test
    void aPortThatIsTakenIsLeftToWhoHasIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(ANY, 1, InetAddress.getLoopbackAddress())) {
            DemoServer server = start("only", taken.getLocalPort());

            assertServes(server);
            assertThat(server.url().getPort()).isNotEqualTo(taken.getLocalPort());
        }
    }
}
