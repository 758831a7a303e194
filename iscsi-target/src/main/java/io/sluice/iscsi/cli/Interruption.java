package io.sluice.iscsi.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets a command run until the process is told to end, and the process end only once the command has closed this. */
final class Interruption implements AutoCloseable {
    /** An orderly end takes milliseconds; a disk that hangs must not keep the process for ever. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final CountDownLatch told = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    Interruption() {
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("interruption").unstarted(this::tell));
    }

    /** Returns when the process is told to end, or the calling thread is interrupted. */
    void await() {
        try {
            told.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell() {
        told.countDown();
        try {
            boolean ignored = ended.await(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        ended.countDown();
    }
}
