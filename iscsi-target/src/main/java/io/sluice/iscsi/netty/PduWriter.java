package io.sluice.iscsi.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.concurrent.Future;
import io.sluice.iscsi.pdu.Digests;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.PduEncoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes PDUs to a channel: headers and short data segments one behind the other into few buffers, long ones from where they are.
 * For the channel's event loop alone.
 */
final class PduWriter {

    /** A peer that does not read would otherwise hold up the end of its connection. */
    private static final int CLOSE_SECONDS = 5;

    /** Copying a data segment of this size costs less than carrying a buffer of its own to the socket. */
    private static final int COPIED_BYTES = 8 << 10;

    private static final int BATCH_BYTES = 64 << 10;
    /** Where long segments lie between them: room for the headers and digests of a few PDUs. */
    private static final int HEADERS_BYTES = 1 << 10;

    private final Channel channel;
    private PduEncoder encoder = new PduEncoder(Digests.NONE);
    private ChannelFuture last;
    private @Nullable ByteBuf batch;
    private List<Runnable> afterBatch = new ArrayList<>();
    private boolean unflushed;
    private boolean flushing;

    PduWriter(Channel channel) {
        this.channel = channel;
        last = channel.newSucceededFuture();
        channel.closeFuture().addListener(closed -> push());
    }

    /** From the next PDU on. */
    void negotiated(Digests digests) {
        encoder = new PduEncoder(digests);
    }

    void write(Pdu pdu) {
        unflushed = true;
        PduEncoder.Encoded encoded = encoder.encode(pdu);
        ByteBuffer data = encoded.data();
        boolean copied = data.remaining() <= COPIED_BYTES;
        int size = copied && data.hasRemaining() ? BATCH_BYTES : HEADERS_BYTES;
        append(encoded.header(), size);
        if (copied) {
            append(data, size);
        } else {
            push();
            last = channel.write(Unpooled.wrappedBuffer(data));
        }
        append(encoded.trailer(), size);
    }

    private void append(ByteBuffer part, int sizeOfNew) {
        if (!part.hasRemaining()) {
            return;
        }
        ByteBuf into = batch;
        if (into != null && into.writableBytes() < part.remaining()) {
            push();
            into = null;
        }
        if (into == null) {
            into = channel.alloc().directBuffer(sizeOfNew, sizeOfNew);
            batch = into;
        }
        into.writeBytes(part);
    }

    /** What was gathered goes on its way behind what was written before. */
    private void push() {
        ByteBuf gathered = batch;
        if (gathered == null) {
            return;
        }
        batch = null;
        last = channel.write(gathered);
        List<Runnable> actions = afterBatch;
        if (!actions.isEmpty()) {
            afterBatch = new ArrayList<>();
            last.addListener(done -> actions.forEach(Runnable::run));
        }
    }

    /** Runs an action, on the event loop, when all that was written so far has left, or can not leave any more. */
    void whenSent(Runnable action) {
        if (batch == null) {
            last.addListener(done -> action.run());
        } else {
            afterBatch.add(action);
        }
    }

    void flush() {
        push();
        unflushed = false;
        channel.flush();
    }

    /** Flushes after what the event loop has to do already: many answers then leave together. */
    void flushSoon() {
        if (unflushed && !flushing) {
            flushing = true;
            channel.eventLoop().execute(() -> {
                flushing = false;
                flush();
            });
        }
    }

    /** Closes after what was written has left, or soon in any case. */
    void flushAndClose() {
        flush();
        last.addListener(ChannelFutureListener.CLOSE);
        Future<?> forced = channel.eventLoop().schedule(this::close, CLOSE_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> forced.cancel(false));
    }

    private void close() {
        ChannelFuture ignored = channel.close();
    }
}
