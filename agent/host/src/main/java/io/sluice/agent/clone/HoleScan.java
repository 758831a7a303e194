package io.sluice.agent.clone;

import io.sluice.iscsi.block.Extent;

/** Walks the source's allocation map and marks the regions that lie wholly in a hole. */
final class HoleScan {
    private HoleScan() {}

    static void mark(RegionLayout layout, RegionMap map, SourceReader source) {
        long at = 0;
        while (at < layout.sizeBytes()) {
            Extent extent = source.extentAt(at);
            long holeEnd = at;
            while (!extent.allocated() && extent.end() < layout.sizeBytes()) {
                holeEnd = extent.end();
                extent = source.extentAt(holeEnd);
            }
            if (!extent.allocated()) {
                holeEnd = layout.sizeBytes();
            }
            markWhole(layout, map, at, holeEnd);
            at = Math.max(holeEnd, extent.end());
        }
    }

    private static void markWhole(RegionLayout layout, RegionMap map, long from, long to) {
        int region = (int) ((from + layout.regionBytes() - 1) / layout.regionBytes());
        while (region < layout.regions() && layout.end(region) <= to) {
            map.apply(region, RegionEvent.HOLE_FOUND);
            region++;
        }
    }
}
