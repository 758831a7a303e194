package io.sluice.iscsi.initiator;

import io.sluice.iscsi.block.BlockDeviceException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Holds the one session of a disk and puts a new one in its place when it is lost, with backoff, until closed. */
final class SessionKeeper implements AutoCloseable {
    /** Logs in and makes sure that it is the same disk. Transient failures are tried again for ever, others end it all. */
    interface Connector {
        Session connect();
    }

    /** A target that was only restarted is there again at once; one that is down for long is not to be hammered. */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private sealed interface State {
        record Connected(Session session) implements State {}

        record Lost(String reason) implements State {}

        record Failed(BlockDeviceException failure) implements State {}

        record Closed() implements State {}
    }

    private final Connector connector;
    private final String name;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state;
    private long changes;
    private long sinceNanos = System.nanoTime();

    SessionKeeper(Session first, Connector connector, String name) {
        this.connector = connector;
        this.name = name;
        this.state = new State.Connected(first);
        Thread.ofPlatform().daemon().name("iscsi-keep " + name).start(() -> keep(first));
    }

    /**
     * The session to use; waits for one.
     *
     * @param giveUpAtNanos by {@link System#nanoTime()}, null for never
     */
    Session session(@Nullable Long giveUpAtNanos) {
        lock.lock();
        try {
            while (true) {
                switch (state) {
                    case State.Connected connected -> {
                        if (!connected.session().over()) {
                            return connected.session();
                        }
                    }
                    case State.Failed failed ->
                        throw new BlockDeviceException(
                                name + " is lost for good: " + failed.failure().getMessage(), false, failed.failure());
                    case State.Closed closed -> throw new BlockDeviceException(name + " is closed", false);
                    case State.Lost lost -> {
                        if (giveUpAtNanos != null && giveUpAtNanos - System.nanoTime() <= 0) {
                            throw new BlockDeviceException(
                                    "gave up waiting for the session with %s: %s".formatted(name, lost.reason()), true);
                        }
                    }
                }
                await(giveUpAtNanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits, for at most so long, before something is tried again; ends early when the session's state changes. */
    void pause(Duration limit) {
        lock.lock();
        try {
            await(System.nanoTime() + limit.toNanos());
        } finally {
            lock.unlock();
        }
    }

    boolean connected() {
        lock.lock();
        try {
            return state instanceof State.Connected connected
                    && !connected.session().over();
        } finally {
            lock.unlock();
        }
    }

    Duration inState() {
        lock.lock();
        try {
            return Duration.ofNanos(System.nanoTime() - sinceNanos);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        State before = become(new State.Closed());
        if (before instanceof State.Connected connected) {
            connected.session().close();
        }
    }

    private void keep(Session first) {
        Session session = first;
        Duration pause = Duration.ZERO;
        while (session != null) {
            long start = System.nanoTime();
            String reason = session.ended().join();
            become(new State.Lost(reason));
            boolean lasted = System.nanoTime() - start > LONGEST_PAUSE.toNanos();
            // A session that breaks as soon as it is there must not make us log in without end at full speed.
            pause = lasted ? Duration.ZERO : longer(pause);
            session = reconnect(pause);
        }
    }

    private @Nullable Session reconnect(Duration firstPause) {
        Duration pause = firstPause;
        while (true) {
            pause(pause);
            if (isClosed()) {
                return null;
            }
            try {
                Session session = connector.connect();
                if (become(new State.Connected(session)) instanceof State.Closed) {
                    session.close();
                    return null;
                }
                return session;
            } catch (BlockDeviceException e) {
                if (!e.transientFailure()) {
                    become(new State.Failed(e));
                    return null;
                }
                lost("%s; since then: %s".formatted("the session was lost", e.getMessage()));
            }
            pause = longer(pause);
        }
    }

    private static Duration longer(Duration pause) {
        if (pause.isZero()) {
            return FIRST_PAUSE;
        }
        Duration doubled = pause.multipliedBy(2);
        return doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    }

    /** Closed is for ever. Answers with the state before. */
    private State become(State next) {
        lock.lock();
        try {
            State before = state;
            if (!(before instanceof State.Closed)) {
                state = next;
                sinceNanos = System.nanoTime();
                changes++;
                changed.signalAll();
            }
            return before;
        } finally {
            lock.unlock();
        }
    }

    /** Keeps the time since when it is lost. */
    private void lost(String reason) {
        lock.lock();
        try {
            if (state instanceof State.Lost) {
                state = new State.Lost(reason);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return state instanceof State.Closed;
        } finally {
            lock.unlock();
        }
    }

    private void await(@Nullable Long untilNanos) {
        long seen = changes;
        try {
            while (changes == seen) {
                if (untilNanos == null) {
                    changed.await();
                } else {
                    long left = untilNanos - System.nanoTime();
                    if (left <= 0) {
                        return;
                    }
                    changed.awaitNanos(left);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BlockDeviceException("interrupted while waiting for " + name, true, e);
        }
    }
}
