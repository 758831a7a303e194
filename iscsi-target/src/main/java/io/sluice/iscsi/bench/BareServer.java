package io.sluice.iscsi.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The least a block server can do, as the ceiling of what loopback carries: a thread for each connection, answers written straight
 * from the mapped file, all that came in at once answered at once. See {@link BareProtocol}. For files below 2 GiB.
 */
final class BareServer implements AutoCloseable {

    private static final int RECEIVE_BYTES = 256 << 10;

    private final ServerSocketChannel listening;
    private final ByteBuffer content;

    BareServer(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            content = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
        }
        listening = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    int port() {
        return listening.socket().getLocalPort();
    }

    /** Serves until closed. */
    void run() throws IOException {
        while (true) {
            SocketChannel connection = listening.accept();
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            Thread.ofPlatform().daemon().name("bare-connection").start(() -> serve(connection));
        }
    }

    private void serve(SocketChannel connection) {
        ByteBuffer in = ByteBuffer.allocateDirect(RECEIVE_BYTES);
        List<ByteBuffer> answers = new ArrayList<>();
        try (connection) {
            while (connection.read(in) >= 0) {
                in.flip();
                answer(in, answers);
                in.compact();
                ByteBuffer[] gathered = answers.toArray(ByteBuffer[]::new);
                for (int left = 0; left < gathered.length; ) {
                    long ignored = connection.write(gathered, left, gathered.length - left);
                    while (left < gathered.length && !gathered[left].hasRemaining()) {
                        left++;
                    }
                }
                answers.clear();
            }
        } catch (IOException gone) {
            return; // a client that is done just goes
        }
    }

    private void answer(ByteBuffer in, List<ByteBuffer> answers) {
        while (in.remaining() >= BareProtocol.REQUEST_BYTES) {
            int start = in.position();
            int offset = Math.toIntExact(in.getLong());
            int length = in.getInt();
            if (length >= 0) {
                answers.add(content.slice(offset, length));
            } else if (in.remaining() >= -length) {
                content.put(offset, in, in.position(), -length);
                in.position(in.position() - length);
                answers.add(ByteBuffer.allocate(BareProtocol.WRITTEN_BYTES));
            } else {
                in.position(start);
                return;
            }
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
