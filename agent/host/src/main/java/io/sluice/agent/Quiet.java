package io.sluice.agent;

import java.time.Duration;

/**
 * Whether the host is in the middle of something: actions run, or the last has ended so lately that the next of the same cutover may
 * be on its way. What can wait does so, for whatever it took a workload that is being moved would wait for.
 */
final class Quiet {
    private final long nanos;
    private int acting;
    private long ended;

    /** @param pause so long after the last action it is quiet */
    Quiet(Duration pause) {
        this.nanos = pause.toNanos();
        this.ended = System.nanoTime() - nanos;
    }

    synchronized void begins() {
        acting++;
    }

    synchronized void ends() {
        acting--;
        ended = System.nanoTime();
        notifyAll();
    }

    /** Returns once it is quiet, or the limit has passed: some actions take hours. */
    synchronized void await(Duration limit) throws InterruptedException {
        long began = System.nanoTime();
        while (true) {
            long now = System.nanoTime();
            long left = began + limit.toNanos() - now;
            long pause = acting > 0 ? left : Math.min(left, ended + nanos - now);
            if (pause <= 0) {
                return;
            }
            wait(pause / 1_000_000 + 1);
        }
    }
}
