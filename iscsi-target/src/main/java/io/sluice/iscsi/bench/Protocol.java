package io.sluice.iscsi.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** One session of a block protocol, client's side, with as little work per request as can be. For one thread. */
interface Protocol {

    /** What a session tells of the requests it has heard the end of. */
    interface Ended {
        void ended(int slot);
    }

    /** Gets a fresh blocking connection ready for requests. */
    void begin(SocketChannel connection) throws IOException;

    /** Bytes that {@link #request} needs at most. */
    int requestBytes(Work work);

    /** Puts a request, and the data of a write. {@code slot} names it and is free again once it has ended. */
    void request(ByteBuffer out, int slot, boolean write, long offset, int lengthBytes);

    /**
     * Takes what has come, and leaves what is not whole yet: a few dozen bytes. Data is dropped, after its digest was checked.
     *
     * @param out takes answers to what the server wants to know
     */
    void received(ByteBuffer in, ByteBuffer out, Ended ended) throws IOException;
}
