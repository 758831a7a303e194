package io.sluice.agent.clone;

import io.sluice.agent.api.VerificationReport;
import io.sluice.iscsi.block.BlockDevice;
import java.nio.ByteBuffer;

/** Compares the local disk with the checksums of what arrived from the source and with what the source says it sent. */
final class Verifier {
    private Verifier() {}

    static VerificationReport verify(
            RegionLayout layout, RegionMap map, BlockDevice local, SourceSums sums, Stop stop) {
        ByteBuffer scratch = ByteBuffer.allocateDirect(layout.regionBytes());
        long verified = 0;
        long mismatched = 0;
        for (int region = 0; region < map.regions(); region++) {
            stop.check();
            if (map.state(region) != RegionState.COPIED) {
                continue;
            }
            ByteBuffer bytes = scratch.clear().limit(layout.length(region));
            local.read(layout.start(region), bytes);
            boolean same = RegionCopier.checksum(bytes.flip()) == map.checksum(region)
                    && sums.compareIfHeard(layout.start(region), bytes) != SourceSums.Comparison.DIFFERENT;
            if (map.state(region) == RegionState.COPIED) {
                // A write marks its region before it changes a byte: so a difference here is nobody's write.
                verified += same ? 1 : 0;
                mismatched += same ? 0 : 1;
            }
        }
        long written = map.count(RegionState.COPIED_WRITTEN)
                + map.count(RegionState.HOLE_WRITTEN)
                + map.count(RegionState.WRITTEN);
        return new VerificationReport(verified, written, map.count(RegionState.HOLE), mismatched);
    }
}
