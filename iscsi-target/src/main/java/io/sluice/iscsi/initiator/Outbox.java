package io.sluice.iscsi.initiator;

import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.SerialNumbers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a session has to send, and its bookkeeping: tags, and the command window (RFC 7143 §4.2.2.1). Commands wait here while the
 * window is shut; data that the target asked for, and pings, never wait for commands. The one lock of a session.
 */
final class Outbox {
    sealed interface Item {
        /** A command with its tag and number. */
        record Command(Task task, int tag, int cmdSn, int expStatSn) implements Item {}

        /** Data that the target asked for. */
        record Burst(Task task, int tag, int transferTag, long offset, int bytes, int expStatSn) implements Item {}

        /** A ping of ours, or our answer to the target's. */
        record Ping(int tag, int transferTag, long lun, int cmdSn, int expStatSn) implements Item {}

        record Logout(int tag, int cmdSn, int expStatSn) implements Item {}

        /** Nothing at the moment: put on the line what was gathered. */
        record Idle() implements Item {}

        record Closed() implements Item {}
    }

    private interface Pending {
        Item number();
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Pending> urgent = new ArrayDeque<>();
    private final ArrayDeque<Task> commands = new ArrayDeque<>();
    private final Map<Integer, Task> running = new HashMap<>();
    private int nextTag = 1;
    private int cmdSn;
    private int maxCmdSn;
    private int expStatSn;
    private @Nullable String closed;

    Outbox(int cmdSn, int maxCmdSn, int expStatSn) {
        this.cmdSn = cmdSn;
        this.maxCmdSn = maxCmdSn;
        this.expStatSn = expStatSn;
    }

    void submit(Task task) {
        lock.lock();
        try {
            if (closed != null) {
                task.lost(closed);
                return;
            }
            commands.add(task);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void burst(Task task, int tag, int transferTag, long offset, int bytes) {
        urgent(() -> new Item.Burst(task, tag, transferTag, offset, bytes, expStatSn));
    }

    void ping() {
        urgent(() -> new Item.Ping(takeTag(), Pdu.RESERVED_TAG, 0, cmdSn, expStatSn));
    }

    void answerPing(int transferTag, long lun) {
        urgent(() -> new Item.Ping(Pdu.RESERVED_TAG, transferTag, lun, cmdSn, expStatSn));
    }

    void logout() {
        urgent(() -> new Item.Logout(takeTag(), cmdSn, expStatSn));
    }

    private void urgent(Pending item) {
        lock.lock();
        try {
            urgent.add(item);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next thing to send now, {@link Item.Idle} if there is none, {@link Item.Closed} at the end. */
    Item poll() {
        lock.lock();
        try {
            if (closed != null) {
                return new Item.Closed();
            }
            Pending first = urgent.poll();
            if (first != null) {
                return first.number();
            }
            if (commands.isEmpty() || SerialNumbers.before(maxCmdSn, cmdSn)) {
                return new Item.Idle();
            }
            Task task = commands.remove();
            int tag = takeTag();
            running.put(tag, task);
            return new Item.Command(task, tag, cmdSn++, expStatSn);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until {@link #poll()} has something else to say than idle. */
    void awaitWork() {
        lock.lock();
        try {
            while (closed == null
                    && urgent.isEmpty()
                    && (commands.isEmpty() || SerialNumbers.before(maxCmdSn, cmdSn))) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes the window and, where the PDU carries a status, its number (RFC 7143 §4.2.2.2). */
    void numbers(int statSn, boolean carriesStatus, int newMaxCmdSn) {
        lock.lock();
        try {
            if (carriesStatus && SerialNumbers.before(expStatSn, statSn + 1)) {
                expStatSn = statSn + 1;
            }
            if (SerialNumbers.before(maxCmdSn, newMaxCmdSn)) {
                maxCmdSn = newMaxCmdSn;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Task running(int tag) {
        lock.lock();
        try {
            return running.get(tag);
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Task ended(int tag) {
        lock.lock();
        try {
            return running.remove(tag);
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is sent any more. The first reason stays. */
    void close(String reason) {
        lock.lock();
        try {
            if (closed == null) {
                closed = reason;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        lock.lock();
        try {
            return closed != null;
        } finally {
            lock.unlock();
        }
    }

    /** Ends every task without an answer and tells why; for the thread that fills their buffers, once it no longer does. */
    String loseTasks() {
        List<Task> lost;
        String reason;
        lock.lock();
        try {
            lost = new ArrayList<>(running.values());
            lost.addAll(commands);
            running.clear();
            commands.clear();
            reason = closed == null ? "closed" : closed;
        } finally {
            lock.unlock();
        }
        lost.forEach(task -> task.lost(reason));
        return reason;
    }

    private int takeTag() {
        int tag;
        do {
            tag = nextTag++;
        } while (tag == Pdu.RESERVED_TAG || running.containsKey(tag));
        return tag;
    }
}
