package io.sluice.agent.clone;

import java.nio.ByteBuffer;

/** What the metadata lies on. A write may be torn or lost until the next {@link #force()}; calls are never concurrent. */
interface Medium extends AutoCloseable {
    /** Fills {@code into}; false when the medium ends before that. */
    boolean read(long offset, ByteBuffer into);

    void write(long offset, ByteBuffer from);

    void force();

    @Override
    void close();
}
