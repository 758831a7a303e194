package io.sluice.iscsi.netty;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A target's rate, for the virtual threads that run its commands: they wait here, the event loops do not. */
final class RateLimit {

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition changed = lock.newCondition();
    private @Nullable TokenBucket bucket;

    RateLimit(@Nullable Long bytesPerSecond) {
        change(bytesPerSecond);
    }

    static void check(@Nullable Long bytesPerSecond) {
        if (bytesPerSecond != null && bytesPerSecond <= 0) {
            throw new IllegalArgumentException(
                    "a rate of " + bytesPerSecond + " bytes/s moves nothing; null means no limit");
        }
    }

    void change(@Nullable Long bytesPerSecond) {
        check(bytesPerSecond);
        long now = System.nanoTime();
        lock.lock();
        try {
            TokenBucket old = bucket;
            if (bytesPerSecond == null) {
                bucket = null;
            } else {
                bucket = old == null
                        ? TokenBucket.full(bytesPerSecond, now)
                        : old.refilled(now).at(bytesPerSecond);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until {@code bytes} may be moved, or {@code givenUp}; whoever makes that true calls {@link #wake()}. */
    void take(long bytes, BooleanSupplier givenUp) {
        lock.lock();
        try {
            TokenBucket now = refilled();
            while (now != null && !now.open() && !givenUp.getAsBoolean()) {
                try {
                    changed.awaitNanos(now.nanosToOpen());
                } catch (InterruptedException unexpected) {
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("a command's thread was interrupted", unexpected);
                }
                now = refilled();
            }
            if (now != null && !givenUp.getAsBoolean()) {
                bucket = now.less(bytes);
            }
        } finally {
            lock.unlock();
        }
    }

    void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private @Nullable TokenBucket refilled() {
        TokenBucket current = bucket;
        if (current != null) {
            current = current.refilled(System.nanoTime());
            bucket = current;
        }
        return current;
    }
}
