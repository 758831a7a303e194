package io.sluice.orchestrator.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentConnectionTest {
    private static final int SOON = 10_000;

    private final ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Future<Socket> accepted = threads.submit(server::accept);
    private final AgentConnection connection =
            new AgentConnection(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));

    AgentConnectionTest() throws IOException {}

    @AfterEach
    void close() throws Exception {
        connection.close();
        accepted.get().close();
        server.close();
        threads.shutdownNow();
    }

    private void answers(String text) throws Exception {
        accepted.get().getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void postsABodyAndReadsAnswersOfEitherLength() throws Exception {
        connection.post("/sync", "secret", "{}".getBytes(StandardCharsets.UTF_8));
        InputStream request = accepted.get().getInputStream();
        StringBuilder read = new StringBuilder();
        while (!read.toString().endsWith("\r\n\r\n{}")) {
            read.append((char) request.read());
        }
        assertThat(read.toString())
                .startsWith("POST /sync HTTP/1.1\r\n")
                .contains("Authorization: Bearer secret\r\n", "Content-Length: 2\r\n");

        answers("HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nfirst");
        assertThat(connection.answer(SOON)).hasToString("200 first");

        answers("HTTP/1.1 409 \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nsec\r\n3\r\nond\r\n0\r\n\r\n");
        assertThat(connection.answer(SOON)).hasToString("409 second");
    }

    @Test
    void anAnswerThatHasNotBegunIsWaitedForLater() throws Exception {
        assertThat(connection.answer(1)).isNull();

        answers("HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok");

        assertThat(connection.answer(SOON)).hasToString("200 ok");
    }
}
