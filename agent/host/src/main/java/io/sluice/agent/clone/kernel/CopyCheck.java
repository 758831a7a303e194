package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.clone.SourceSums;
import io.sluice.iscsi.block.Extent;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;

/**
 * Compares a local volume, read past all caches, with what its source says of each region. Regions that the source does not
 * allocate must read zero. What differs is a mismatch unless the workload has written there, which is asked after the last read: a
 * write that a read could have seen is on record by then.
 */
final class CopyCheck {
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 20).asReadOnlyBuffer();

    private final CloneRecord record;
    private final Media.Uncached local;
    private final BoundedSource source;
    private final SourceSums sums;
    private final Runnable goOn;

    /** @param goOn asked before each region; throws when nobody wants to know any more */
    CopyCheck(CloneRecord record, Media.Uncached local, BoundedSource source, Runnable goOn) {
        this.record = record;
        this.local = local;
        this.source = source;
        this.sums = new SourceSums(source::checksums, record.sizeBytes());
        this.goOn = goOn;
    }

    VerificationReport run(Supplier<BitSet> writtenSet) {
        BitSet holes = new BitSet();
        List<Extent> ranges = HoleRanges.of(record.sizeBytes(), record.regionBytes(), source::extentAt);
        ranges.forEach(range -> holes.set(region(range.offset()), region(range.end())));
        BitSet different = new BitSet();
        ByteBuffer content = ByteBuffer.allocateDirect(record.regionBytes());
        int regions = Math.toIntExact(record.regions());
        for (int region = 0; region < regions; region++) {
            goOn.run();
            long at = (long) region * record.regionBytes();
            content.clear().limit((int) Math.min(record.regionBytes(), record.sizeBytes() - at));
            local.read(at, content);
            content.flip();
            if (!(holes.get(region) ? isZero(content) : isAsSent(at, content))) {
                different.set(region);
            }
        }
        BitSet written = writtenSet.get();
        written.clear(regions, Math.max(regions, written.length()));
        different.andNot(written);
        holes.andNot(written);
        holes.andNot(different);
        long verified = record.regions() - written.cardinality() - holes.cardinality() - different.cardinality();
        return new VerificationReport(verified, written.cardinality(), holes.cardinality(), different.cardinality());
    }

    private int region(long offset) {
        return Math.toIntExact(offset / record.regionBytes());
    }

    /** A source that tells no checksums is read once more. */
    private boolean isAsSent(long at, ByteBuffer content) {
        return switch (sums.compare(at, content)) {
            case SAME -> true;
            case DIFFERENT -> false;
            case UNKNOWN -> source.read(at, content.remaining()).equals(content);
        };
    }

    private static boolean isZero(ByteBuffer content) {
        ByteBuffer rest = content.duplicate();
        while (rest.hasRemaining()) {
            int length = Math.min(rest.remaining(), ZEROS.capacity());
            if (rest.slice(rest.position(), length).mismatch(ZEROS.slice(0, length)) >= 0) {
                return false;
            }
            rest.position(rest.position() + length);
        }
        return true;
    }
}
