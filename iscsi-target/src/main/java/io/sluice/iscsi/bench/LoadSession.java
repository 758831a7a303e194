package io.sluice.iscsi.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One session under load: a request that ends is followed by the next at once. */
final class LoadSession implements AutoCloseable {

    private static final int RECEIVE_BYTES = 256 << 10;
    /** Answers to pings. */
    private static final int SPARE_BYTES = 1024;

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Protocol protocol;
    private final Work work;
    private final long blocks;
    private final SplittableRandom random;
    private final ByteBuffer in = ByteBuffer.allocateDirect(RECEIVE_BYTES);
    private final ByteBuffer out;
    private final long[] sentNanos;
    private long nextBlock;
    private long requests;
    private int underWay;
    private boolean ending;
    private long now;
    private @Nullable Latency latency;

    private LoadSession(
            SocketChannel channel, SelectionKey key, Protocol protocol, Work work, int index, long fileBytes) {
        this.channel = channel;
        this.key = key;
        this.protocol = protocol;
        this.work = work;
        blocks = fileBytes / work.blockBytes();
        random = new SplittableRandom(index);
        nextBlock = blocks / work.sessions() * index;
        out = ByteBuffer.allocateDirect(work.depth() * protocol.requestBytes(work) + SPARE_BYTES);
        sentNanos = new long[work.depth()];
    }

    static LoadSession open(Served server, Work work, int index, long fileBytes, Selector selector) throws IOException {
        SocketChannel channel = SocketChannel.open();
        boolean opened = false;
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.bind(new InetSocketAddress(server.source(index), 0));
            channel.connect(server.address());
            Protocol protocol = server.protocol(index, work.digests());
            protocol.begin(channel);
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            LoadSession session = new LoadSession(channel, key, protocol, work, index, fileBytes);
            key.attach(session);
            opened = true;
            return session;
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    /** Sends as many requests as may be under way. */
    void start() throws IOException {
        now = System.nanoTime();
        for (int slot = 0; slot < work.depth(); slot++) {
            request(slot);
        }
        send();
    }

    void ready() throws IOException {
        if (channel.read(in) < 0) {
            throw new EOFException("the server has closed the connection");
        }
        now = System.nanoTime();
        protocol.received(in.flip(), out, this::ended);
        in.compact();
        send();
    }

    private void ended(int slot) {
        requests++;
        underWay--;
        Latency into = latency;
        if (into != null) {
            into.add(now - sentNanos[slot]);
        }
        if (!ending) {
            request(slot);
        }
    }

    private void request(int slot) {
        underWay++;
        long block = work.random() ? random.nextLong(blocks) : nextBlock;
        nextBlock = (block + 1) % blocks;
        sentNanos[slot] = now;
        protocol.request(out, slot, work.writes(), block * work.blockBytes(), work.blockBytes());
    }

    private void send() throws IOException {
        if (out.position() > 0) {
            int ignored = channel.write(out.flip());
            out.compact();
        }
        int interest = out.position() > 0 ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
        if (key.interestOps() != interest) {
            key.interestOps(interest);
        }
    }

    /** From now on also how long each takes. */
    void record(Latency into) {
        latency = into;
    }

    /** Asks for nothing more: some servers do not take it well when a client goes in the middle of an answer. */
    void end() {
        ending = true;
    }

    boolean idle() {
        return underWay == 0;
    }

    long requests() {
        return requests;
    }

    int blockBytes() {
        return work.blockBytes();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
