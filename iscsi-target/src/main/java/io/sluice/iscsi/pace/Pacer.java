package io.sluice.iscsi.pace;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds requests back until their rates allow them: a ceiling for all, one for each {@link Share}, fairness between the
 * {@link Flow}s of all shares. Waiting blocks, so it belongs on virtual threads; without a ceiling nothing is locked or counted.
 */
public final class Pacer implements AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Budget total = new Budget(Rate.UNLIMITED, System.nanoTime());
    private final FairQueue queue = new FairQueue(total);
    private volatile boolean limited;
    private volatile boolean closed;

    public Pacer() {
        Thread.ofPlatform().daemon().name("iscsi-pacer").start(this::dispatch);
    }

    /** Changes the ceiling for all, at once. */
    public void change(Rate rate) {
        lock.lock();
        try {
            total.change(rate, System.nanoTime());
            limited = rate.limited();
            letPass();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** A share of its own ceiling. */
    public Share share(Rate rate) {
        return new Share(rate);
    }

    /** Ends the waiting: all pass from now on. Harmless when repeated. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            queue.removeAll().forEach(request -> request.passed().complete(true));
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void dispatch() {
        lock.lock();
        try {
            while (!closed) {
                letPass();
                long nanos = queue.nanosToNext();
                if (nanos == FairQueue.NEVER) {
                    changed.await();
                } else {
                    long ignored = changed.awaitNanos(Math.min(nanos, TimeUnit.SECONDS.toNanos(1)));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private void letPass() {
        long now = System.nanoTime();
        for (FairQueue.Request next = queue.next(now); next != null; next = queue.next(now)) {
            next.passed().complete(true);
        }
    }

    /** What one export may move. */
    public final class Share {
        private final Budget budget;
        private volatile boolean limitedItself;

        private Share(Rate rate) {
            budget = new Budget(rate, System.nanoTime());
            limitedItself = rate.limited();
        }

        /** Changes its ceiling at once; requests that wait feel it. */
        public void change(Rate rate) {
            lock.lock();
            try {
                budget.change(rate, System.nanoTime());
                limitedItself = rate.limited();
                letPass();
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        public Flow flow() {
            return new Flow(this);
        }
    }

    /** The requests of one session. */
    public final class Flow {
        private final Share share;
        private final FairQueue.Waiting waiting;
        private boolean ended;

        private Flow(Share share) {
            this.share = share;
            this.waiting = new FairQueue.Waiting(share.budget);
        }

        /** Whether requests pass without waiting and without being counted. From any thread, never blocks. */
        public boolean free() {
            return closed || (!limited && !share.limitedItself);
        }

        /** Waits until so many bytes may be moved by one operation; false when the flow has ended instead. */
        public boolean pass(long bytes) {
            if (free()) {
                return true;
            }
            return ask(bytes).passed().join();
        }

        private FairQueue.Request ask(long bytes) {
            lock.lock();
            try {
                FairQueue.Request request = queue.add(waiting, bytes);
                if (ended || closed) {
                    queue.remove(waiting);
                    request.passed().complete(!ended);
                    return request;
                }
                letPass();
                if (!request.passed().isDone()) {
                    changed.signal();
                }
                return request;
            } finally {
                lock.unlock();
            }
        }

        /** Sends off what waits, and what comes later. From any thread; harmless when repeated. */
        public void end() {
            lock.lock();
            try {
                ended = true;
                queue.remove(waiting).forEach(request -> request.passed().complete(false));
            } finally {
                lock.unlock();
            }
        }
    }
}
