package io.sluice.iscsi.netty;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where commands block on disks. A few threads while disks answer from memory; more as soon as a command has waited for one, so
 * that a slow disk has many commands to work at and a stuck one keeps nobody else's from running. Not virtual threads: a read of a
 * file holds its carrier, of which there are as many as processors, and a few stuck disks would stop them all.
 */
final class CommandThreads implements Executor, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CommandThreads.class);

    /** Enough to keep the processors busy; each more costs switching between them. */
    private static final int FEW = 2 * Runtime.getRuntime().availableProcessors();
    /** More than a session's window of commands on each of a few stuck disks. */
    private static final int MOST = 1024;

    private static final int MORE = 8;
    /** Longer than a queue of commands served from memory takes on busy processors. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int IDLE_SECONDS = 10;

    private record Waiting(Runnable command, long sinceNanos) implements Runnable {
        @Override
        public void run() {
            command.run();
        }
    }

    private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>();
    private final ThreadPoolExecutor threads;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(daemons("iscsi-threads"));
    private final AtomicBoolean looking = new AtomicBoolean();

    CommandThreads() {
        threads = new ThreadPoolExecutor(FEW, MOST, IDLE_SECONDS, TimeUnit.SECONDS, queue, daemons("iscsi-command"));
        threads.allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory daemons(String name) {
        return Thread.ofPlatform().daemon().name(name + "-", 0).factory();
    }

    /** Runs it soon, on some thread; dropped once this is closed. */
    @Override
    public void execute(Runnable command) {
        if (threads.isShutdown()) {
            LOG.debug("command dropped, the server is closed");
            return;
        }
        threads.execute(new Waiting(command, System.nanoTime()));
        if (!queue.isEmpty()) {
            lookSoon();
        }
    }

    private void lookSoon() {
        if (!clock.isShutdown() && looking.compareAndSet(false, true)) {
            var ignored = clock.schedule(this::look, PATIENCE_NANOS, TimeUnit.NANOSECONDS);
        }
    }

    private void look() {
        looking.set(false);
        Runnable first = queue.peek();
        if (first == null) {
            return;
        }
        if (first instanceof Waiting waiting && System.nanoTime() - waiting.sinceNanos() > PATIENCE_NANOS) {
            // Starts threads for what waits, at once; the size goes back so that none is started for what does not have
            // to wait.
            threads.setCorePoolSize(Math.min(MOST, threads.getPoolSize() + MORE));
            threads.setCorePoolSize(FEW);
        }
        lookSoon();
    }

    /** Commands that hang are left behind. */
    @Override
    public void close() {
        threads.shutdown();
        clock.shutdownNow();
    }
}
