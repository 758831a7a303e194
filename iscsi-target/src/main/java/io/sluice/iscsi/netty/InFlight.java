package io.sluice.iscsi.netty;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The commands of one session that are on a disk now. Once closed none gets there any more, and one can wait for the last, or for
 * the last that may change something.
 */
final class InFlight {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int running;
    private int changing;
    private volatile boolean closed;

    /**
     * Whether the caller may go to the disk; it then has to {@link #leave}.
     *
     * @param changes whether the command may change what is on the disk
     */
    boolean enter(boolean changes) {
        lock.lock();
        try {
            if (!closed) {
                running++;
                changing += changes ? 1 : 0;
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** @param changes as it was entered with */
    void leave(boolean changes) {
        lock.lock();
        try {
            running--;
            changing -= changes ? 1 : 0;
            if (running == 0 || changing == 0) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Harmless when repeated. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        return closed;
    }

    boolean isIdle() {
        lock.lock();
        try {
            return running == 0;
        } finally {
            lock.unlock();
        }
    }

    boolean changesNothing() {
        lock.lock();
        try {
            return changing == 0;
        } finally {
            lock.unlock();
        }
    }

    /** As {@link #awaitIdle} for those alone that may change something: a read of before is harmless however long it takes. */
    boolean awaitChanges(Duration limit) {
        return await(limit, () -> changing == 0);
    }

    /** Whether the last one left before the limit; false too when the caller was interrupted, which it stays. */
    boolean awaitIdle(Duration limit) {
        return await(limit, () -> running == 0);
    }

    private boolean await(Duration limit, BooleanSupplier over) {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (!over.getAsBoolean() && left > 0) {
                left = idle.awaitNanos(left);
            }
            return over.getAsBoolean();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return over.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }
}
