package io.sluice.iscsi.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;

/** What {@link BareServer} speaks: a request is an offset and a length, below 0 for a write; answers come in order and are bytes. */
final class BareProtocol implements Protocol {

    static final int REQUEST_BYTES = 12;
    /** Answers a write. */
    static final int WRITTEN_BYTES = 4;

    private record Expected(int slot, int bytes) {}

    private final Queue<Expected> expected = new ArrayDeque<>();
    private int missing;

    @Override
    public void begin(SocketChannel connection) {
        // nothing to agree on
    }

    @Override
    public int requestBytes(Work work) {
        return REQUEST_BYTES + (work.writes() ? work.blockBytes() : 0);
    }

    @Override
    public void request(ByteBuffer out, int slot, boolean write, long offset, int lengthBytes) {
        out.putLong(offset).putInt(write ? -lengthBytes : lengthBytes);
        if (write) {
            out.position(out.position() + lengthBytes);
        }
        int bytes = write ? WRITTEN_BYTES : lengthBytes;
        missing = expected.isEmpty() ? bytes : missing;
        expected.add(new Expected(slot, bytes));
    }

    @Override
    public void received(ByteBuffer in, ByteBuffer out, Ended ended) throws IOException {
        while (in.hasRemaining()) {
            Expected first = expected.peek();
            if (first == null) {
                throw new IOException("the server answers what was not asked");
            }
            int count = Math.min(missing, in.remaining());
            in.position(in.position() + count);
            missing -= count;
            if (missing == 0) {
                expected.remove();
                Expected next = expected.peek();
                missing = next == null ? 0 : next.bytes();
                ended.ended(first.slot());
            }
        }
    }
}
