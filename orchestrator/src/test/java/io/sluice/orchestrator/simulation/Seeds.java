package io.sluice.orchestrator.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Many seeds, on as many threads as are wanted; each seed is one thread's alone. */
final class Seeds {
    private final long first;
    private final long count;
    private final int threads;

    Seeds(long first, long count, int threads) {
        this.first = first;
        this.count = count;
        this.threads = threads;
    }

    /** A seed and what it found. */
    record Failure(long seed, AssertionError error) {}

    /** What all of them counted until the first failure; failure is null when there is none. */
    record Outcome(Statistics statistics, @Nullable Failure failure) {}

    /** Stops at the first failure. */
    Outcome run(Flaw flaw) {
        quiet();
        AtomicLong next = new AtomicLong(first);
        AtomicReference<@Nullable Failure> failed = new AtomicReference<>();
        Statistics all = new Statistics();
        List<Thread> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(Thread.ofPlatform().name("seeds-" + i).start(() -> {
                Statistics mine = new Statistics();
                for (long seed = next.getAndIncrement();
                        seed < first + count && failed.get() == null;
                        seed = next.getAndIncrement()) {
                    Failure failure = one(seed, flaw, mine);
                    if (failure != null) {
                        failed.accumulateAndGet(failure, Seeds::lower);
                    }
                }
                synchronized (all) {
                    all.add(mine);
                }
            }));
        }
        try {
            for (Thread thread : running) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while seeds run", e);
        }
        return new Outcome(all, failed.get());
    }

    private static Failure lower(@Nullable Failure one, Failure other) {
        return one == null || other.seed() < one.seed() ? other : one;
    }

    private static @Nullable Failure one(long seed, Flaw flaw, Statistics statistics) {
        Simulation simulation = Simulation.ofSeed(seed, flaw, line -> {});
        try {
            simulation.run();
            return null;
        } catch (AssertionError e) {
            return new Failure(seed, e);
        } finally {
            statistics.add(simulation.statistics());
        }
    }

    /** A life has thousands of actions, and their log lines would be all there is to see. */
    static void quiet() {
        ((Logger) LoggerFactory.getLogger("io.sluice")).setLevel(Level.OFF);
        ((Logger) LoggerFactory.getLogger("org.springframework")).setLevel(Level.OFF);
    }
}
