package io.sluice.agent.clone;

import io.sluice.agent.api.HydrationOrder;
import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Who copies next. Background workers walk through the regions within their share and rate; a few promoters copy whole the
 * regions that the workload has read part of; what the workload itself waits for runs on its own threads, counted here.
 */
final class Hydrator {
    /** Promotion is a kindness to later reads: it gets little, so that it cannot crowd out reads that are waiting. */
    private static final int PROMOTERS = 2;

    /** Beyond this, regions that were read are left to the background. */
    private static final int MOST_PROMOTIONS = 256;

    /** A worker looks again at least so often, so that a clock that stands still cannot strand it. */
    private static final long LONGEST_NAP = TimeUnit.SECONDS.toNanos(1);

    private final RegionLayout layout;
    private final RegionMap map;
    private final RegionCopier copier;
    private final CloneOptions options;
    private final Stop stop;
    private final SourceShares shares;
    private final RateMeter meter;
    private final Runnable regionBecameLocal;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final TokenBucket bucket;
    private final LinkedHashSet<Integer> promotions = new LinkedHashSet<>();
    private boolean paused = true;
    private int cursor;
    private int demandInFlight;
    private int backgroundInFlight;

    Hydrator(RegionLayout layout, RegionMap map, RegionCopier copier, CloneOptions options, Stop stop, Runnable local) {
        this.layout = layout;
        this.map = map;
        this.copier = copier;
        this.options = options;
        this.stop = stop;
        this.shares = SourceShares.of(options.regionsInFlight());
        this.regionBecameLocal = local;
        long now = options.nanoClock().getAsLong();
        this.meter = new RateMeter(now);
        this.bucket = new TokenBucket(now);
    }

    void start() {
        for (int i = 0; i < shares.background(); i++) {
            Thread.ofVirtual().name("hydrate-" + i).start(() -> work(this::copyNextInBackground));
        }
        for (int i = 0; i < PROMOTERS; i++) {
            Thread.ofVirtual().name("promote-" + i).start(() -> work(this::copyNextPromotion));
        }
    }

    /** Takes effect with the next region. */
    void order(HydrationOrder order) {
        locked(() -> {
            paused = order.paused();
            bucket.rate(order.bytesPerSecond(), now());
        });
    }

    boolean running() {
        lock.lock();
        try {
            return !paused && !map.complete();
        } finally {
            lock.unlock();
        }
    }

    long bytesPerSecond() {
        return meter.bytesPerSecond(now());
    }

    /** Asks for the region to be copied whole soon; forgotten when there is too much of it. */
    void promote(int region) {
        locked(() -> {
            if (promotions.size() < MOST_PROMOTIONS) {
                promotions.add(region);
            }
        });
    }

    /** Runs something that reads so much of the source and that the workload waits for; the background makes up for it. */
    <T> T demand(long bytes, Supplier<T> work) {
        beginDemand(bytes);
        try {
            return work.get();
        } finally {
            locked(() -> demandInFlight--);
        }
    }

    /** Something else changed that the workers may be waiting for: a region is remote again, or the device is closed. */
    void wake() {
        locked(() -> {});
    }

    private void beginDemand(long bytes) {
        lock.lock();
        try {
            while (!shares.mayStartDemand(demandInFlight)) {
                stop.check();
                changed.await();
            }
            stop.check();
            demandInFlight++;
            bucket.giveWay(bytes, now());
        } catch (InterruptedException e) {
            throw Stop.interrupted(e);
        } finally {
            lock.unlock();
        }
    }

    private void work(Step step) {
        ByteBuffer scratch = ByteBuffer.allocateDirect(layout.regionBytes());
        Duration wait = options.firstRetry();
        try {
            while (!stop.stopped()) {
                try {
                    step.copyNext(scratch);
                    wait = options.firstRetry();
                } catch (BlockDeviceException e) {
                    // The region is remote again and will be tried again; the source's reader remembers what it was.
                    stop.within(wait);
                    wait = wait.multipliedBy(2).compareTo(options.longestRetry()) < 0
                            ? wait.multipliedBy(2)
                            : options.longestRetry();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void copyNextInBackground(ByteBuffer scratch) throws InterruptedException {
        Integer region = takeBackground();
        if (region == null) {
            return;
        }
        try {
            if (copier.copy(region, scratch)) {
                meter.add(layout.length(region), now());
                regionBecameLocal.run();
            }
        } finally {
            locked(() -> backgroundInFlight--);
        }
    }

    private void copyNextPromotion(ByteBuffer scratch) throws InterruptedException {
        Integer region = takePromotion();
        if (region == null) {
            return;
        }
        if (copier.copy(region, scratch)) {
            regionBecameLocal.run();
        }
    }

    private @Nullable Integer takeBackground() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stop.stopped()) {
                int region = mayStart() ? nextRemote() : -1;
                long wait = region < 0 ? Long.MAX_VALUE : bucket.nanosToWait(now());
                if (wait == 0) {
                    bucket.spend(layout.length(region));
                    backgroundInFlight++;
                    cursor = region + 1;
                    return region;
                }
                long ignored = changed.awaitNanos(Math.min(wait, LONGEST_NAP));
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean mayStart() {
        return !paused && !map.complete() && shares.mayStartBackground(demandInFlight, backgroundInFlight);
    }

    private @Nullable Integer takePromotion() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (promotions.isEmpty() && !stop.stopped()) {
                changed.await();
            }
            return promotions.isEmpty() || stop.stopped() ? null : promotions.removeFirst();
        } finally {
            lock.unlock();
        }
    }

    /** The next remote region at or after the cursor, around the end once; -1 when there is none. */
    private int nextRemote() {
        for (int region = cursor; region < map.regions(); region++) {
            if (map.state(region) == RegionState.REMOTE) {
                return region;
            }
        }
        for (int region = 0; region < Math.min(cursor, map.regions()); region++) {
            if (map.state(region) == RegionState.REMOTE) {
                return region;
            }
        }
        return -1;
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private long now() {
        return options.nanoClock().getAsLong();
    }

    private interface Step {
        void copyNext(ByteBuffer scratch) throws InterruptedException;
    }
}
