package io.sluice.agent.clone;

import io.sluice.iscsi.block.BlockDeviceException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ends every wait of a clone device when it is closed. */
final class Stop {
    private final CountDownLatch latch = new CountDownLatch(1);

    void stop() {
        latch.countDown();
    }

    boolean stopped() {
        return latch.getCount() == 0;
    }

    /** Waits that long; true when the device was closed meanwhile. */
    boolean within(Duration time) throws InterruptedException {
        return latch.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    void check() {
        if (stopped()) {
            throw closed();
        }
    }

    static BlockDeviceException closed() {
        return new BlockDeviceException("the clone device is closed", true);
    }

    /** The caller was interrupted while it waited: nothing was begun, the interrupt is kept. */
    static BlockDeviceException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new BlockDeviceException("interrupted while waiting for the source", true, cause);
    }
}
