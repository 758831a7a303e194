package io.sluice.agent.devicemapper;

import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.CommandResult.Exited;
import io.sluice.agent.command.CommandResult.TimedOut;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Calls that may hang in the kernel, each on a thread of its own and waited for no longer than its limit. One that comes back later is
 * undone, as who asked has given it up. An agent that stops waits all the same: it must not leave a device between two calls.
 */
final class BoundedCalls {
    private static final Duration SOON = Duration.ofSeconds(1);

    private final ExecutorService threads = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("device-mapper-", 0).factory());
    private final Map<Turn, Semaphore> turns = new ConcurrentHashMap<>();

    /** Of calls with the same turn one is under way at a time: however often one that hangs is tried again, it holds one thread. */
    record Turn(DeviceName device, String kind) {}

    private interface Wait<T> {
        T untilOver() throws InterruptedException;
    }

    /**
     * @param turn null where any number may be under way
     * @param undo run when the call has succeeded too late
     */
    CommandResult run(@Nullable Turn turn, Callable<CommandResult> call, Runnable undo, Duration limit) {
        long until = System.nanoTime() + limit.toNanos();
        Semaphore mine = turn == null ? new Semaphore(1) : turns.computeIfAbsent(turn, key -> new Semaphore(1, true));
        if (!interruptedLater(() -> mine.tryAcquire(until - System.nanoTime(), TimeUnit.NANOSECONDS))) {
            return new TimedOut("", "an earlier call for the device has not come back from the kernel");
        }
        AtomicBoolean over = new AtomicBoolean();
        Future<CommandResult> result = begin(mine, over, call, undo);
        return interruptedLater(() -> ended(result, until, over));
    }

    private Future<CommandResult> begin(
            Semaphore mine, AtomicBoolean over, Callable<CommandResult> call, Runnable undo) {
        boolean begun = false;
        try {
            Future<CommandResult> result = threads.submit(() -> {
                try {
                    CommandResult how = call.call();
                    if (!over.compareAndSet(false, true) && how.succeeded()) {
                        undo.run();
                    }
                    return how;
                } finally {
                    mine.release();
                }
            });
            begun = true;
            return result;
        } finally {
            if (!begun) {
                mine.release();
            }
        }
    }

    private static CommandResult ended(Future<CommandResult> result, long until, AtomicBoolean over)
            throws InterruptedException {
        try {
            return result.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // not too late after all where it says so first
            return over.compareAndSet(false, true)
                    ? new TimedOut("", "")
                    : ended(result, System.nanoTime() + SOON.toNanos(), over);
        } catch (ExecutionException e) {
            return new Exited(1, "", String.valueOf(e.getCause()));
        }
    }

    private static <T> T interruptedLater(Wait<T> wait) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.untilOver();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
