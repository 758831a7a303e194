package io.sluice.agent.clone.kernel;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** Block devices, as far as a clone's own work on them goes. Failures are {@code BlockDeviceException}s. */
interface Media {

    /** Makes the device's first bytes zero, past all caches and durably. */
    void zeroHead(Path device, int bytes);

    /** A device on which ranges can be discarded. */
    interface Discarding extends AutoCloseable {
        void discard(long offset, long lengthBytes);

        /** What was discarded is on record when it returns. */
        void flush();

        @Override
        void close();
    }

    Discarding discarding(Path device);

    /** Writes back what was written to the device and makes the device do so below. */
    void flush(Path device);

    /** A device whose content is read past all caches. */
    interface Uncached extends AutoCloseable {
        /** Fills {@code into} from its position to its limit; offset and length are whole blocks. */
        void read(long offset, ByteBuffer into);

        @Override
        void close();
    }

    Uncached uncached(Path device);
}
