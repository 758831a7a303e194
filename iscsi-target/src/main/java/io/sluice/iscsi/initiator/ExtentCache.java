package io.sluice.iscsi.initiator;

import io.sluice.iscsi.block.Extent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The extents of the latest GET LBA STATUS answer, so that a scan of a disk needs few of them. Forgets all when this initiator writes,
 * and after a while, as another one may. Thread-safe.
 */
final class ExtentCache {
    /** A scan asks again within microseconds; longer than this nothing needs to be remembered. */
    private static final Duration AGE_LIMIT = Duration.ofSeconds(1);

    private List<Extent> extents = List.of();
    private long storedNanos;
    private long writes;

    synchronized @Nullable Extent at(long offset, long nowNanos) {
        if (nowNanos - storedNanos > AGE_LIMIT.toNanos()) {
            return null;
        }
        for (Extent extent : extents) {
            if (offset >= extent.offset() && offset < extent.end()) {
                return new Extent(offset, extent.end() - offset, extent.allocated());
            }
        }
        return null;
    }

    /** To be taken before the question is asked, and handed to {@link #store}. */
    synchronized long mark() {
        return writes;
    }

    /** Keeps an answer unless something was written since the mark. */
    synchronized void store(List<Extent> answer, long mark, long nowNanos) {
        if (mark == writes) {
            extents = List.copyOf(answer);
            storedNanos = nowNanos;
        }
    }

    synchronized void written() {
        writes++;
        extents = List.of();
    }

    /** Neighbours of equal allocation as one: a target may cut a run into several descriptors. */
    static List<Extent> merged(List<Extent> extents) {
        List<Extent> merged = new ArrayList<>();
        for (Extent next : extents) {
            Extent last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && last.allocated() == next.allocated() && last.end() == next.offset()) {
                merged.set(
                        merged.size() - 1,
                        new Extent(last.offset(), last.lengthBytes() + next.lengthBytes(), last.allocated()));
            } else {
                merged.add(next);
            }
        }
        return merged;
    }
}
