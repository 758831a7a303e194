package io.sluice.agent.clone.pace;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;

/**
 * dm-clone as far as pace goes, in steps of a millisecond: copies are started when its worker runs (once a second, and as a copy
 * ends) and no guest I/O is in flight at that moment, up to the threshold; they share the source's bandwidth and take at least
 * its round trip. A guest of depth d keeps d requests in flight without a pause, unless it is throttled.
 */
final class SimulatedClone {
    static final int REGION = 64 << 10;
    private static final long BANDWIDTH = 100_000_000L;
    static final Duration ROUND_TRIP = Duration.ofMillis(10);

    /** A request takes a millisecond; between two of a depth of one the disk is free so seldom. */
    private static final double GAP = 0.02;

    private final Random random;
    private final int depth;
    private final Deque<Double> endings = new ArrayDeque<>();
    private long millis;
    long leftBytes;
    long copiedBytes;
    GuestLoad guest = GuestLoad.NONE;

    SimulatedClone(long seed, long sizeBytes, int depth) {
        this.random = new Random(seed);
        this.leftBytes = sizeBytes;
        this.depth = depth;
    }

    void second(HydrationPace pace) {
        copiedBytes = 0;
        long unthrottled = depth * 1000L;
        long operations = pace.throttle() == null
                ? unthrottled
                : Math.min(unthrottled, 2 * pace.throttle().operations());
        guest = new GuestLoad(operations, operations * 4096);
        double busyShare = unthrottled == 0 ? 0 : (double) operations / unthrottled;
        for (int step = 0; step < 1000; step++) {
            boolean ended = copyForOneMillisecond();
            boolean workerRuns = ended || step == 0;
            boolean guestBusy = random.nextDouble() < busyShare;
            boolean free = !guestBusy || random.nextDouble() < Math.pow(GAP, depth);
            if (workerRuns && free && pace.threshold() > 0) {
                start(pace.threshold());
            }
        }
    }

    private boolean copyForOneMillisecond() {
        millis++;
        boolean ended = false;
        while (!endings.isEmpty() && endings.getFirst() <= millis) {
            endings.removeFirst();
            long done = Math.min(leftBytes, REGION);
            copiedBytes += done;
            leftBytes -= done;
            ended = true;
        }
        return ended;
    }

    private void start(int threshold) {
        long most = Math.min(threshold, (leftBytes + REGION - 1) / REGION);
        while (endings.size() < most) {
            double last = endings.isEmpty() ? millis : endings.getLast();
            endings.add(Math.max((double) (millis + ROUND_TRIP.toMillis()), last + REGION * 1000.0 / BANDWIDTH));
        }
    }

    int inFlight() {
        return endings.size();
    }
}
