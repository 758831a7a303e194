package io.sluice.agent.clone;

import io.sluice.iscsi.block.BlockDevice;
import java.nio.ByteBuffer;

/**
 * Reads of a clone device. Runs of local regions come from the local disk and wait for nobody. A run of others falls through:
 * exactly the wanted bytes are read from the source in one go, so latency does not grow with the region size; regions read
 * whole are kept from those bytes, regions read in part are copied whole afterwards.
 */
final class CloneReads {
    private final RegionLayout layout;
    private final RegionMap map;
    private final BlockDevice local;
    private final SourceReader source;
    private final RegionCopier copier;
    private final Hydrator hydrator;

    CloneReads(
            RegionLayout layout,
            RegionMap map,
            BlockDevice local,
            SourceReader source,
            RegionCopier copier,
            Hydrator hydrator) {
        this.layout = layout;
        this.map = map;
        this.local = local;
        this.source = source;
        this.copier = copier;
        this.hydrator = hydrator;
    }

    /** True when regions became local by it. */
    boolean read(long offset, ByteBuffer into) {
        boolean kept = false;
        long at = offset;
        int base = into.position();
        long end = offset + into.remaining();
        while (at < end) {
            boolean isLocal = map.state(layout.regionOf(at)).local();
            long runEnd = Math.min(end, runEnd(at, end, isLocal));
            ByteBuffer part = into.slice(base + (int) (at - offset), (int) (runEnd - at));
            if (isLocal) {
                local.read(at, part);
            } else {
                kept |= fallThrough(at, part);
            }
            at = runEnd;
        }
        into.position(into.limit());
        return kept;
    }

    /** Where the run of regions that are all local, or all not, ends. */
    private long runEnd(long at, long end, boolean isLocal) {
        int region = layout.regionOf(at);
        int last = layout.regionOf(end - 1);
        while (region < last && map.state(region + 1).local() == isLocal) {
            region++;
        }
        return layout.end(region);
    }

    private boolean fallThrough(long at, ByteBuffer into) {
        hydrator.demand(into.remaining(), () -> source.read(at, into.duplicate(), () -> true));
        long end = at + into.remaining();
        boolean kept = false;
        for (int region = layout.regionOf(at); region <= layout.regionOf(end - 1); region++) {
            if (layout.covers(at, end, region)) {
                kept |= copier.keep(region, into.slice((int) (layout.start(region) - at), layout.length(region)));
            } else {
                hydrator.promote(region);
            }
        }
        return kept;
    }
}
