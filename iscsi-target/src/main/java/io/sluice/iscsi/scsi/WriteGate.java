package io.sluice.iscsi.scsi;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets many plain writes through at once, or one command that must be alone among them (COMPARE AND WRITE, ORWRITE). A write costs
 * two uncontended atomic additions and no lock: it announces itself, then looks whether someone wants to be alone; who wants to be
 * alone says so first and then looks who is announced. One of the two sees the other.
 */
final class WriteGate {
    /** More than the cores that write at once; a power of two. */
    private static final int STRIPES = 16;

    /** A cache line of ints: no two stripes share one. */
    private static final int SPREAD = 16;

    /** Between two looks at writes that are still on the disk. */
    private static final long PAUSE_NANOS = 20_000;

    private final AtomicIntegerArray writing = new AtomicIntegerArray(STRIPES * SPREAD);
    private final ReentrantLock alone = new ReentrantLock(true);
    private volatile boolean closed;

    /** Waits while someone is alone. Returns what {@link #leave} wants back. */
    int enter() {
        int stripe = (int) (Thread.currentThread().threadId() & (STRIPES - 1)) * SPREAD;
        while (true) {
            writing.getAndIncrement(stripe);
            if (!closed) {
                return stripe;
            }
            writing.getAndDecrement(stripe);
            awaitOpen();
        }
    }

    private void awaitOpen() {
        alone.lock();
        try {
            assert !closed : "who holds the lock is not alone";
        } finally {
            alone.unlock();
        }
    }

    void leave(int stripe) {
        writing.getAndDecrement(stripe);
    }

    /** Runs when all writes that entered have left, and keeps others out meanwhile. */
    <T> T alone(Supplier<T> action) {
        alone.lock();
        try {
            closed = true;
            awaitEmpty();
            return action.get();
        } finally {
            closed = false; // before the lock is given back: see awaitOpen
            alone.unlock();
        }
    }

    private void awaitEmpty() {
        for (int stripe = 0; stripe < STRIPES; stripe++) {
            while (writing.get(stripe * SPREAD) != 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
