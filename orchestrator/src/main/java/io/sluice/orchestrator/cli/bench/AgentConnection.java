package io.sluice.orchestrator.cli.bench;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the orchestrator that is kept open, for one call at a time (RFC 9112). Ten thousand of them cost little,
 * which is why it is not the JDK's client: the processors are to be the orchestrator's.
 */
final class AgentConnection implements AutoCloseable {
    /** The orchestrator holds a call for 20 s. */
    static final int ANSWER_MILLIS = 60_000;

    private static final int CONNECT_MILLIS = 30_000;
    private static final int LINE_LIMIT = 8192;

    private final InetSocketAddress server;
    private final Socket socket;
    private final InputStream in;

    AgentConnection(InetSocketAddress server) throws IOException {
        this.server = server;
        this.socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(server, CONNECT_MILLIS);
        this.in = new BufferedInputStream(socket.getInputStream(), 1024);
    }

    /** An answer's status and body. */
    record Answer(int status, String body) {
        @Override
        public String toString() {
            return status + " " + body;
        }
    }

    void post(String path, String bearer, byte[] body) throws IOException {
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: " + server.getHostString() + ":" + server.getPort()
                        + "\r\nAuthorization: Bearer " + bearer
                        + "\r\nContent-Type: application/json\r\nAccept: application/json, application/problem+json"
                        + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] message = new byte[head.length + body.length];
        System.arraycopy(head, 0, message, 0, head.length);
        System.arraycopy(body, 0, message, head.length, body.length);
        socket.getOutputStream().write(message);
    }

    /** The answer to what was posted; null when none has begun after so long. */
    @Nullable
    Answer answer(int millis) throws IOException {
        socket.setSoTimeout(Math.max(1, millis));
        in.mark(1);
        try {
            if (in.read() < 0) {
                throw new EOFException("the orchestrator closed the connection");
            }
        } catch (SocketTimeoutException e) {
            return null;
        }
        in.reset();
        socket.setSoTimeout(ANSWER_MILLIS);
        return read();
    }

    private Answer read() throws IOException {
        String status = line();
        int length = -1;
        boolean chunked = false;
        for (String header = line(); !header.isEmpty(); header = line()) {
            String lower = header.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(
                        lower.substring("content-length:".length()).strip());
            } else if (lower.startsWith("transfer-encoding:")) {
                chunked = lower.contains("chunked");
            }
        }
        byte[] body = chunked ? chunks() : in.readNBytes(Math.max(0, length));
        return new Answer(Integer.parseInt(status.split(" ", 3)[1]), new String(body, StandardCharsets.UTF_8));
    }

    /** RFC 9112 §7.1. */
    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
            body.write(in.readNBytes(size));
            if (size == 0) {
                String trailer = line();
                while (!trailer.isEmpty()) {
                    trailer = line();
                }
                return body.toByteArray();
            }
            line();
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < LINE_LIMIT) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the orchestrator closed the connection");
            }
            if (next == '\n') {
                return line.toString().stripTrailing();
            }
            line.append((char) next);
        }
        throw new IOException("a line of the answer has more than " + LINE_LIMIT + " characters");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
