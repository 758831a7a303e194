package io.sluice.iscsi.initiator;

import io.sluice.iscsi.login.SessionParameters;
import io.sluice.iscsi.pdu.Decoded;
import io.sluice.iscsi.pdu.Digests;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.PduDecoder;
import io.sluice.iscsi.pdu.PduEncoder;
import io.sluice.iscsi.pdu.PduLimits;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * PDUs over one TCP connection: one thread may send while another receives. A received data segment is valid until the next
 * {@link #receive()}: all of them share one buffer.
 */
final class Wire implements AutoCloseable {
    private static final int BUFFER_BYTES = 65_536;

    /** Below this, bytes are taken through the buffer, so that small PDUs need one system call together. */
    private static final int DIRECT_READ_BYTES = 8_192;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] copy = new byte[BUFFER_BYTES];
    private final ByteBuffer buffered = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
    private final ByteBuffer segment = ByteBuffer.allocate(LoginExchange.OWN_SEGMENT_BYTES);
    private final PduDecoder decoder;
    private PduEncoder encoder = new PduEncoder(Digests.NONE);

    private Wire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
        this.decoder = new PduDecoder(
                PduLimits.dataSegment(LoginExchange.OWN_SEGMENT_BYTES),
                bytes -> segment.clear().limit(bytes));
    }

    static Wire connect(String host, int port, Duration limit) throws IOException {
        Socket socket = new Socket();
        boolean connected = false;
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(host, port), Math.toIntExact(limit.toMillis()));
            Wire wire = new Wire(socket);
            connected = true;
            return wire;
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    /** What was negotiated holds from the next PDU on, in both directions. */
    void negotiated(SessionParameters parameters) {
        encoder = new PduEncoder(parameters.digests());
        decoder.negotiated(parameters.digests(), parameters.initiatorSegmentBytes());
    }

    /** After so long without a byte {@link #receive()} throws SocketTimeoutException; it may be called again. */
    void silenceLimit(Duration limit) throws IOException {
        socket.setSoTimeout(Math.toIntExact(limit.toMillis()));
    }

    /** Queues a PDU; {@link #flush()} puts it on the line. */
    void send(Pdu pdu) throws IOException {
        PduEncoder.Encoded encoded = encoder.encode(pdu);
        for (ByteBuffer part : encoded.buffers()) {
            write(part);
        }
    }

    void flush() throws IOException {
        out.flush();
    }

    /** The next PDU; blocks. */
    Pdu receive() throws IOException {
        while (true) {
            Decoded decoded = decoder.next(buffered);
            switch (decoded) {
                case Decoded.Complete complete -> {
                    return complete.pdu();
                }
                case Decoded.Broken broken ->
                    throw new IOException("the target sent what cannot be read: " + broken.detail());
                case Decoded.Incomplete more -> fill();
            }
        }
    }

    private void fill() throws IOException {
        ByteBuffer space = decoder.space();
        if (space.hasArray() && space.remaining() >= DIRECT_READ_BYTES) {
            int count = read(space);
            space.position(space.position() + count);
        } else {
            buffered.limit(0); // all taken, and stays so should the read fail
            int count = read(buffered.duplicate().clear());
            buffered.clear().limit(count);
        }
    }

    private int read(ByteBuffer into) throws IOException {
        int count = in.read(into.array(), into.arrayOffset() + into.position(), into.remaining());
        if (count < 0) {
            throw new EOFException("the target closed the connection");
        }
        return count;
    }

    private void write(ByteBuffer part) throws IOException {
        ByteBuffer rest = part.duplicate();
        if (rest.hasArray()) {
            out.write(rest.array(), rest.arrayOffset() + rest.position(), rest.remaining());
            return;
        }
        while (rest.hasRemaining()) {
            int count = Math.min(rest.remaining(), copy.length);
            rest.get(copy, 0, count);
            out.write(copy, 0, count);
        }
    }

    /** Harmless when repeated; makes a blocked send or receive fail. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException("closing a socket failed", e);
        }
    }
}
