package io.sluice.iscsi.netty;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The commands of one session that are on a disk now. Once closed none gets there any more, and one can wait for the last. */
final class InFlight {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private int running;
    private volatile boolean closed;

    /** Whether the caller may go to the disk; it then has to {@link #leave()}. */
    boolean enter() {
        lock.lock();
        try {
            if (!closed) {
                running++;
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    void leave() {
        lock.lock();
        try {
            running--;
            if (running == 0) {
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

    /** Whether the last one left before the limit; false too when the caller was interrupted, which it stays. */
    boolean awaitIdle(Duration limit) {
        lock.lock();
        try {
            long left = limit.toNanos();
            while (running > 0 && left > 0) {
                left = idle.awaitNanos(left);
            }
            return running == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return isIdle();
        } finally {
            lock.unlock();
        }
    }
}
