package io.sluice.iscsi.netty;

import io.sluice.iscsi.scsi.ScsiStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;

/** Counts a target's {@link Traffic}, from any thread, without locks. */
final class TrafficMeter {

    /** From 1 µs on each bucket is twice as wide as the one before, up to 67 s; the last takes the rest. */
    private static final int BUCKETS = 28;

    private static final int MICRO = 1_000;
    private static final long NEVER = Long.MIN_VALUE;

    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder others = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();
    private final AtomicLongArray latency = new AtomicLongArray(BUCKETS);
    private volatile long lastIoMillis = NEVER;

    /**
     * A command has ended.
     *
     * @param in bytes of the disk's content that it returned
     * @param out bytes it brought
     */
    void ended(int status, long in, long out, long nanos) {
        if (status != ScsiStatus.GOOD.code()) {
            failures.increment();
        } else if (in == 0 && out == 0) {
            others.increment();
        } else {
            (in > 0 ? reads : writes).increment();
            bytesRead.add(in);
            bytesWritten.add(out);
            lastIoMillis = System.currentTimeMillis();
        }
        latency.incrementAndGet(bucket(nanos));
    }

    static int bucket(long nanos) {
        long micros = (nanos + MICRO - 1) / MICRO;
        return micros <= 1 ? 0 : Math.min(BUCKETS - 1, Long.SIZE - Long.numberOfLeadingZeros(micros - 1));
    }

    Traffic now() {
        List<Traffic.Bucket> buckets = new ArrayList<>();
        for (int i = 0; i < BUCKETS; i++) {
            long upTo = i == BUCKETS - 1 ? Long.MAX_VALUE : MICRO * (1L << i);
            buckets.add(new Traffic.Bucket(upTo, latency.get(i)));
        }
        long last = lastIoMillis;
        return new Traffic(
                reads.sum(),
                writes.sum(),
                others.sum(),
                failures.sum(),
                bytesRead.sum(),
                bytesWritten.sum(),
                buckets,
                last == NEVER ? null : Instant.ofEpochMilli(last));
    }
}
