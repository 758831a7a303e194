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
import java.util.concurrent.TimeUnit;

/** Writes PDUs to a channel without copying their data segments. For the channel's event loop alone. */
final class PduWriter {

    /** A peer that does not read would otherwise hold up the end of its connection. */
    private static final int CLOSE_SECONDS = 5;

    private final Channel channel;
    private PduEncoder encoder = new PduEncoder(Digests.NONE);
    private ChannelFuture last;

    PduWriter(Channel channel) {
        this.channel = channel;
        last = channel.newSucceededFuture();
    }

    /** From the next PDU on. */
    void negotiated(Digests digests) {
        encoder = new PduEncoder(digests);
    }

    void write(Pdu pdu) {
        PduEncoder.Encoded encoded = encoder.encode(pdu);
        for (ByteBuffer part : encoded.buffers()) {
            if (part.hasRemaining()) {
                ByteBuf bytes = Unpooled.wrappedBuffer(part);
                last = channel.write(bytes);
            }
        }
    }

    /** Done when all that was written so far has left, or can not leave any more. */
    ChannelFuture last() {
        return last;
    }

    void flush() {
        channel.flush();
    }

    /** Closes after what was written has left, or soon in any case. */
    void flushAndClose() {
        channel.flush();
        last.addListener(ChannelFutureListener.CLOSE);
        Future<?> forced = channel.eventLoop().schedule(this::close, CLOSE_SECONDS, TimeUnit.SECONDS);
        channel.closeFuture().addListener(closed -> forced.cancel(false));
    }

    private void close() {
        ChannelFuture ignored = channel.close();
    }
}
