package io.sluice.agent.sync;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Tells the agent's thread that there is something to look at; many tellings before it looks are one. */
public final class Wakeup {
    private final Semaphore told = new Semaphore(0);

    /** From any thread; cheap. */
    public void ring() {
        told.release();
    }

    void await(long millis) throws InterruptedException {
        if (told.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            told.drainPermits();
        }
    }
}
