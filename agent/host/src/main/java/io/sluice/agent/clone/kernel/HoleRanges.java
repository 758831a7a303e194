package io.sluice.agent.clone.kernel;

import io.sluice.iscsi.block.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/** Which ranges of a source, in whole regions, it does not allocate. Pure but for what it asks. */
final class HoleRanges {
    private HoleRanges() {}

    /**
     * A region at the volume's end that is shorter is left out: dm-clone marks whole ones alone (bio_region_range).
     *
     * @param extentAt the source's run of equal allocation from an offset on
     */
    static List<Extent> of(long sizeBytes, int regionBytes, LongFunction<Extent> extentAt) {
        List<Extent> ranges = new ArrayList<>();
        long holeFrom = -1;
        for (long at = 0; at < sizeBytes; ) {
            Extent extent = extentAt.apply(at);
            if (extent.allocated()) {
                add(ranges, holeFrom, at, regionBytes);
                holeFrom = -1;
            } else if (holeFrom < 0) {
                holeFrom = at;
            }
            at = Math.max(extent.end(), at + 1);
        }
        add(ranges, holeFrom, sizeBytes, regionBytes);
        return List.copyOf(ranges);
    }

    static long regions(List<Extent> ranges, int regionBytes) {
        return ranges.stream().mapToLong(Extent::lengthBytes).sum() / regionBytes;
    }

    private static void add(List<Extent> ranges, long holeFrom, long holeTo, int regionBytes) {
        if (holeFrom < 0) {
            return;
        }
        long from = (holeFrom + regionBytes - 1) / regionBytes * regionBytes;
        long to = holeTo / regionBytes * regionBytes;
        if (from < to) {
            ranges.add(new Extent(from, to - from, false));
        }
    }
}
