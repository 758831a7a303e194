package io.sluice.iscsi.netty;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CommandThreadsTest {

    private final CommandThreads threads = new CommandThreads();
    private final CountDownLatch stuck = new CountDownLatch(1);

    @AfterEach
    void close() {
        stuck.countDown();
        threads.close();
    }

    @Test
    void commandsThatHangKeepNoOtherFromRunning() throws Exception {
        int hanging = 200;
        CountDownLatch begun = new CountDownLatch(hanging);
        for (int i = 0; i < hanging; i++) {
            threads.execute(() -> {
                begun.countDown();
                awaitUninterruptibly(stuck);
            });
        }
        assertThat(begun.await(30, TimeUnit.SECONDS))
                .as("all of them are on their disks")
                .isTrue();
        CountDownLatch ran = new CountDownLatch(1);
        threads.execute(ran::countDown);
        assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatComesAfterTheEndIsDropped() {
        threads.close();
        threads.execute(() -> {
            throw new AssertionError("ran");
        });
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
