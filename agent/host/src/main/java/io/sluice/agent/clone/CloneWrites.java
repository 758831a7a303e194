package io.sluice.agent.clone;

import io.sluice.iscsi.block.BlockDevice;
import java.nio.ByteBuffer;

/**
 * Writes and unmaps of a clone device; none of them ever reaches the source. Local regions change in place. A region that is
 * not local is replaced without a read when the change covers all of it, and copied first when it does not.
 */
final class CloneWrites {
    private final RegionLayout layout;
    private final RegionMap map;
    private final BlockDevice local;
    private final RegionCopier copier;
    private final Hydrator hydrator;
    private final Committer committer;

    CloneWrites(
            RegionLayout layout,
            RegionMap map,
            BlockDevice local,
            RegionCopier copier,
            Hydrator hydrator,
            Committer committer) {
        this.layout = layout;
        this.map = map;
        this.local = local;
        this.copier = copier;
        this.hydrator = hydrator;
        this.committer = committer;
    }

    void write(long offset, ByteBuffer from) {
        int base = from.position();
        change(
                offset,
                offset + from.remaining(),
                (start, end) -> local.write(start, from.slice(base + (int) (start - offset), (int) (end - start))));
        from.position(from.limit());
    }

    void unmap(long offset, long lengthBytes) {
        change(offset, offset + lengthBytes, (start, end) -> local.unmap(start, end - start));
    }

    private void change(long offset, long end, LocalChange change) {
        long at = offset;
        while (at < end) {
            int region = layout.regionOf(at);
            int lastLocal = lastOfLocalRun(region, layout.regionOf(end - 1));
            if (lastLocal >= region) {
                long runEnd = Math.min(end, layout.end(lastLocal));
                inPlace(region, lastLocal, at, runEnd, change);
                at = runEnd;
            } else if (layout.covers(at, end, region)) {
                if (overwrite(region, change)) {
                    at = layout.end(region);
                }
            } else {
                makeLocal(region);
            }
        }
    }

    private void inPlace(int first, int last, long start, long end, LocalChange change) {
        for (int region = first; region <= last; region++) {
            map.apply(region, RegionEvent.WRITE_IN_PLACE);
        }
        committer.beforeWriteInPlace(first, last);
        change.apply(start, end);
    }

    /** False when the region became local meanwhile, or may have: look at it again. */
    private boolean overwrite(int region, LocalChange change) {
        RegionState before = map.state(region);
        return switch (map.apply(region, RegionEvent.OVERWRITE_WANTED)) {
            case RegionStep.Stay stay -> false;
            case RegionStep.Wait wait -> {
                await(region, before);
                yield false;
            }
            case RegionStep.Move move -> {
                boolean written = false;
                try {
                    change.apply(layout.start(region), layout.end(region));
                    written = true;
                } finally {
                    map.apply(region, written ? RegionEvent.OVERWRITTEN : RegionEvent.OVERWRITE_FAILED);
                    hydrator.wake();
                }
                yield true;
            }
        };
    }

    private void makeLocal(int region) {
        RegionState before = map.state(region);
        if (before.busy()) {
            await(region, before);
        } else if (!before.local()) {
            hydrator.demand(
                    layout.length(region), () -> copier.copy(region, ByteBuffer.allocate(layout.regionBytes())));
        }
    }

    private void await(int region, RegionState seen) {
        if (!seen.busy()) {
            return;
        }
        try {
            map.awaitChange(region, seen);
        } catch (InterruptedException e) {
            throw Stop.interrupted(e);
        }
    }

    private int lastOfLocalRun(int first, int last) {
        int region = first;
        while (region <= last && map.state(region).local()) {
            region++;
        }
        return region - 1;
    }

    /** Changes bytes of the local disk from {@code start} to {@code end}. */
    private interface LocalChange {
        void apply(long start, long end);
    }
}
