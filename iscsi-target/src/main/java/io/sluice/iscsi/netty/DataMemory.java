package io.sluice.iscsi.netty;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * The memory of a server for data of commands, shared by its sessions. Who wants more than is free waits for its turn. Beyond one
 * whole command a session gets no more than half of what is free: however many take all they can, and give nothing back, some is
 * left for who comes next.
 */
final class DataMemory {

    private final long total;
    private final long oneCommand;
    private final ReentrantLock lock = new ReentrantLock();
    private final Queue<Share> waiting = new ArrayDeque<>();
    private long used;
    private volatile boolean pressed;

    /** @param oneCommand what a session gets as soon as it is free, whatever others have */
    DataMemory(long total, long oneCommand) {
        this.total = total;
        this.oneCommand = oneCommand;
    }

    /** What one session has. */
    final class Share {
        private final LongConsumer whenGranted;
        private long held;
        private long wanted;

        private Share(LongConsumer whenGranted) {
            this.whenGranted = whenGranted;
        }

        /** Whether the bytes are granted now; if not, {@code whenGranted} is called later, from some thread. */
        boolean want(long bytes) {
            lock.lock();
            try {
                if (waiting.isEmpty() && fits(bytes) && fair(bytes)) {
                    take(bytes);
                    return true;
                }
                wanted = bytes;
                waiting.add(this);
                pressed = true;
                return false;
            } finally {
                lock.unlock();
            }
        }

        void giveBack(long bytes) {
            lock.lock();
            try {
                held -= bytes;
                used -= bytes;
                serve();
            } finally {
                lock.unlock();
            }
        }

        /** Waits no more. What it has it still has to give back. */
        void leave() {
            lock.lock();
            try {
                if (waiting.remove(this)) {
                    serve();
                }
            } finally {
                lock.unlock();
            }
        }

        private boolean fair(long bytes) {
            return held + bytes <= Math.max(oneCommand, (total - used) / 2);
        }

        private void take(long bytes) {
            held += bytes;
            used += bytes;
        }
    }

    Share share(LongConsumer whenGranted) {
        return new Share(whenGranted);
    }

    /** Whether any session waits: the others are then to give back what they do not need. */
    boolean pressed() {
        return pressed;
    }

    long used() {
        lock.lock();
        try {
            return used;
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(long bytes) {
        return used + bytes <= total;
    }

    /** In order of asking; those that have a lot already are passed over. */
    private void serve() {
        for (Iterator<Share> each = waiting.iterator(); each.hasNext(); ) {
            Share next = each.next();
            if (!fits(next.wanted)) {
                break;
            }
            if (next.fair(next.wanted)) {
                each.remove();
                next.take(next.wanted);
                next.whenGranted.accept(next.wanted);
            }
        }
        pressed = !waiting.isEmpty();
    }
}
