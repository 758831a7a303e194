package io.sluice.agent.clone;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The states of all regions in memory. Reading a state takes no lock; changing one takes a lock that is shared only by the
 * regions of one stripe and never held across I/O that waits for a disk. A region is in the {@link WarmMap} before anybody sees
 * that it is local. Remembers which metadata pages are out of date.
 */
final class RegionMap {
    /** Enough that unrelated regions seldom meet, few enough to cost nothing. */
    private static final int STRIPES = 64;

    private final AtomicReferenceArray<RegionState> states;
    private final int[] checksums;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private final Map<RegionState, AtomicLong> counts = new EnumMap<>(RegionState.class);
    private final AtomicLong local = new AtomicLong();
    private final AtomicLong busy = new AtomicLong();
    private final AtomicIntegerArray dirtyPages;
    private final int regionsPerPage;
    private final Stop stop;
    private final WarmMap warm;

    RegionMap(int regions, int regionsPerPage, WarmMap warm, Stop stop) {
        this.warm = warm;
        this.stop = stop;
        RegionState[] all = new RegionState[regions];
        Arrays.fill(all, RegionState.REMOTE);
        this.states = new AtomicReferenceArray<>(all);
        this.checksums = new int[regions];
        this.regionsPerPage = regionsPerPage;
        this.dirtyPages = new AtomicIntegerArray((regions + regionsPerPage - 1) / regionsPerPage);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
        for (RegionState state : RegionState.values()) {
            counts.put(state, new AtomicLong(state == RegionState.REMOTE ? regions : 0));
        }
    }

    /**
     * Puts a region into the state that the metadata holds, or the later one that a process before this one reached; only before
     * the map is shared.
     */
    void load(int region, byte durableCode, int durableChecksum) {
        RegionState durable = RegionState.ofCode(durableCode);
        RegionState known = durable.orLater(RegionState.ofCode(warm.code(region)));
        checksums[region] = known == durable ? durableChecksum : warm.checksum(region);
        count(state(region), known);
        states.set(region, known);
        if (known != durable) {
            markDirty(region / regionsPerPage);
        }
    }

    int regions() {
        return states.length();
    }

    RegionState state(int region) {
        return states.get(region);
    }

    /** CRC32C of what the source sent; meaningful once the region is {@link RegionState#COPIED}. */
    int checksum(int region) {
        return checksums[region];
    }

    RegionStep apply(int region, RegionEvent event) {
        Stripe stripe = stripe(region);
        stripe.lock.lock();
        try {
            RegionState before = state(region);
            RegionStep step = before.on(event);
            if (step instanceof RegionStep.Move move) {
                move(region, before, move.to());
                stripe.changed.signalAll();
            }
            return step;
        } finally {
            stripe.lock.unlock();
        }
    }

    boolean moves(int region, RegionEvent event) {
        return apply(region, event) instanceof RegionStep.Move;
    }

    /** The region's bytes are on the local disk (not yet durable) with this checksum. */
    void stored(int region, int checksum) {
        checksums[region] = checksum;
        apply(region, RegionEvent.STORED);
    }

    /** Returns once the region's state is another than {@code seen}; fails when the device is closed before. */
    void awaitChange(int region, RegionState seen) throws InterruptedException {
        Stripe stripe = stripe(region);
        stripe.lock.lockInterruptibly();
        try {
            while (state(region) == seen) {
                stop.check();
                stripe.changed.await();
            }
        } finally {
            stripe.lock.unlock();
        }
    }

    /** Lets everybody who waits for a change look again; to be followed by a look at whether the device is closed. */
    void wakeAll() {
        for (Stripe stripe : stripes) {
            stripe.lock.lock();
            try {
                stripe.changed.signalAll();
            } finally {
                stripe.lock.unlock();
            }
        }
    }

    long count(RegionState state) {
        return counter(state).get();
    }

    /** Exact: no region ever leaves the local states. */
    long localRegions() {
        return local.get();
    }

    /** Which regions are local: each one that was before the call, perhaps some that become so during it. */
    BitSet local() {
        BitSet found = new BitSet(regions());
        for (int region = 0; region < regions(); region++) {
            found.set(region, state(region).local());
        }
        return found;
    }

    long busyRegions() {
        return busy.get();
    }

    boolean complete() {
        return localRegions() == regions();
    }

    /** Whether the page was out of date; it is taken for up to date from now on. */
    boolean takeDirty(int page) {
        return dirtyPages.getAndSet(page, 0) != 0;
    }

    void markDirty(int page) {
        dirtyPages.set(page, 1);
    }

    boolean anyDirty() {
        for (int page = 0; page < dirtyPages.length(); page++) {
            if (dirtyPages.get(page) != 0) {
                return true;
            }
        }
        return false;
    }

    private void move(int region, RegionState before, RegionState to) {
        if (to.local()) {
            warm.record(region, to.code(), checksums[region]);
        }
        states.set(region, to);
        count(before, to);
        if (before.code() != to.code()) {
            markDirty(region / regionsPerPage);
        }
    }

    private void count(RegionState before, RegionState to) {
        counter(before).decrementAndGet();
        counter(to).incrementAndGet();
        busy.addAndGet((to.busy() ? 1 : 0) - (before.busy() ? 1 : 0));
        local.addAndGet((to.local() ? 1 : 0) - (before.local() ? 1 : 0));
    }

    private AtomicLong counter(RegionState state) {
        return Objects.requireNonNull(counts.get(state));
    }

    private Stripe stripe(int region) {
        return stripes[region & (STRIPES - 1)];
    }

    private static final class Stripe {
        final ReentrantLock lock = new ReentrantLock();
        final Condition changed = lock.newCondition();
    }
}
