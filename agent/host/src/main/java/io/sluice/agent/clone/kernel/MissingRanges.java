package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.MissingBytes;
import io.sluice.agent.api.MissingBytes.Range;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which bytes of a volume are missing while some regions are local. Pure. */
final class MissingRanges {
    /** A report is read by people; whoever needs the rest asks the host itself. */
    private static final int NAMED = 16;

    private MissingRanges() {}

    /** Null when none is. */
    static @Nullable MissingBytes of(BitSet local, CloneRecord record) {
        int regions = Math.toIntExact(record.regions());
        List<Range> named = new ArrayList<>();
        long bytes = 0;
        long ranges = 0;
        for (int from = local.nextClearBit(0); from < regions; ) {
            int next = local.nextSetBit(from);
            int to = next < 0 ? regions : Math.min(next, regions);
            long offset = (long) from * record.regionBytes();
            long length = Math.min((long) to * record.regionBytes(), record.sizeBytes()) - offset;
            bytes += length;
            ranges++;
            if (named.size() < NAMED) {
                named.add(new Range(offset, length));
            }
            from = local.nextClearBit(to);
        }
        return ranges == 0 ? null : new MissingBytes(bytes, named, ranges - named.size());
    }
}
