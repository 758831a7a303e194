package io.sluice.agent.clone;

import io.sluice.agent.api.MissingBytes;
import io.sluice.agent.api.MissingBytes.Range;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which bytes of a volume are missing while some regions are local. Pure. */
public final class MissingRanges {
    /** A report is read by people; whoever needs the rest asks the host itself. */
    private static final int NAMED = 16;

    private MissingRanges() {}

    /** The first ones as they are reported, and what all come to; null when none is missing. */
    public static @Nullable MissingBytes of(BitSet local, long sizeBytes, int regionBytes) {
        List<Range> all = all(local, sizeBytes, regionBytes);
        long bytes = all.stream().mapToLong(Range::lengthBytes).sum();
        List<Range> named = all.subList(0, Math.min(all.size(), NAMED));
        return all.isEmpty() ? null : new MissingBytes(bytes, named, all.size() - named.size());
    }

    /** Every one, in order, as long as they go. */
    public static List<Range> all(BitSet local, long sizeBytes, int regionBytes) {
        int regions = Math.toIntExact((sizeBytes + regionBytes - 1) / regionBytes);
        List<Range> all = new ArrayList<>();
        for (int from = local.nextClearBit(0); from < regions; ) {
            int next = local.nextSetBit(from);
            int to = next < 0 ? regions : Math.min(next, regions);
            long offset = (long) from * regionBytes;
            all.add(new Range(offset, Math.min((long) to * regionBytes, sizeBytes) - offset));
            from = local.nextClearBit(to);
        }
        return all;
    }
}
