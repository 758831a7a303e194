package io.sluice.agent.clone;

import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.MissingBytes;
import io.sluice.agent.api.VerificationReport;
import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.Extent;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local disk that fills itself from a source and is one whole disk from the first moment. Relies on the source not changing
 * while it lives, and on the local disk reading zero when it is first opened. An acknowledged write survives the end of this
 * process, an acknowledged {@link #flush()} any crash; what was not flushed before the machine went down may be copied anew from
 * the source. Owns neither disk: closing it closes its metadata only.
 */
public final class CloneDevice implements BlockDevice {
    private static final Logger log = LoggerFactory.getLogger(CloneDevice.class);

    private final MetadataFile file;
    private final BlockDevice local;
    private final RegionLayout layout;
    private final WarmMap warm;
    private final RegionMap map;
    private final Stop stop = new Stop();
    private final SourceReader source;
    private final RegionCopier copier;
    private final Committer committer;
    private final Hydrator hydrator;
    private final CloneReads reads;
    private final CloneWrites writes;
    private final List<Runnable> completionListeners = new CopyOnWriteArrayList<>();
    private final AtomicBoolean announced = new AtomicBoolean();

    /**
     * Creates the clone device, or opens it again where it stopped. Reads nothing from the source and does not need it to be
     * reachable. Background copying is off until {@link #hydrate}.
     *
     * @throws CloneMetadataException the metadata belongs to other devices or another migration, or is damaged
     */
    public static CloneDevice open(CloneFiles files, BlockDevice local, BlockDevice source, CloneOptions options) {
        CloneFiles.requireFit(local, source);
        if (!files.exist()) {
            files.create(local, options);
        }
        MetadataFile file = MetadataFile.open(FileMedium.open(files.metadata()));
        try {
            CloneFiles.requireSame(file.header(), files.binding(), local);
            return open(file, files.openWarmMap(file.header()), local, source, options);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    static CloneDevice open(
            MetadataFile file, WarmMap warm, BlockDevice local, BlockDevice source, CloneOptions options) {
        CloneDevice device = new CloneDevice(file, warm, local, source, options);
        device.start(options);
        return device;
    }

    private CloneDevice(MetadataFile file, WarmMap warm, BlockDevice local, BlockDevice source, CloneOptions options) {
        this.file = file;
        this.warm = warm;
        this.local = local;
        this.layout = file.header().layout();
        this.map = new RegionMap(layout.regions(), MetadataFile.REGIONS_PER_PAGE, warm, stop);
        for (int region = 0; region < map.regions(); region++) {
            map.load(region, file.code(region), file.checksum(region));
        }
        this.source = new SourceReader(source, options, stop);
        this.copier = new RegionCopier(layout, map, this.source, local, stop);
        this.committer = new Committer(map, file, warm, local);
        this.hydrator = new Hydrator(layout, map, copier, options, stop, this::announceIfComplete);
        this.reads = new CloneReads(layout, map, local, this.source, copier, hydrator);
        this.writes = new CloneWrites(layout, map, local, copier, hydrator, committer);
    }

    private void start(CloneOptions options) {
        hydrator.start();
        Thread.ofVirtual().name("clone-commit").start(() -> commitRegularly(options));
    }

    @Override
    public long sizeBytes() {
        return layout.sizeBytes();
    }

    @Override
    public int blockBytes() {
        return file.header().blockBytes();
    }

    @Override
    public boolean readOnly() {
        return false;
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        if (reads.read(offset, into)) {
            announceIfComplete();
        }
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        writes.write(offset, from);
        keepWhatWasWritten();
        announceIfComplete();
    }

    @Override
    public void flush() {
        committer.flush();
    }

    @Override
    public void unmap(long offset, long lengthBytes) {
        writes.unmap(offset, lengthBytes);
        keepWhatWasWritten();
        announceIfComplete();
    }

    /** Regions that are not local count as allocated: nobody has been asked yet. */
    @Override
    public Extent extentAt(long offset) {
        int region = layout.regionOf(offset);
        boolean isLocal = map.state(region).local();
        while (region + 1 < map.regions() && map.state(region + 1).local() == isLocal) {
            region++;
        }
        long end = layout.end(region);
        if (!isLocal) {
            return new Extent(offset, end - offset, true);
        }
        Extent extent = local.extentAt(offset);
        return new Extent(offset, Math.min(extent.end(), end) - offset, extent.allocated());
    }

    /**
     * Asks the source what it does not allocate and marks those regions as local. Only before the workload's first access, and
     * after the source stopped changing; asking again is harmless and costs nothing once it has been done.
     */
    public void markHoles() {
        if (file.header().holesMarked()) {
            return;
        }
        HoleScan.mark(layout, map, source);
        committer.holesMarked();
        announceIfComplete();
    }

    /** Sets pace and pause of background copying; takes effect with the next region. */
    public void hydrate(HydrationOrder order) {
        hydrator.order(order);
    }

    public HydrationReport progress() {
        long copied = bytes(RegionState.COPIED) + bytes(RegionState.COPIED_WRITTEN);
        long skipped = bytes(RegionState.HOLE) + bytes(RegionState.HOLE_WRITTEN);
        return new HydrationReport(
                layout.regionBytes(),
                map.regions(),
                map.localRegions(),
                map.busyRegions(),
                copied,
                skipped,
                bytes(RegionState.WRITTEN),
                hydrator.bytesPerSecond(),
                hydrator.running());
    }

    /** What only the source has as yet, regions in flight included; null when that is nothing. */
    public @Nullable MissingBytes missing() {
        return MissingRanges.of(map.local(), layout.sizeBytes(), layout.regionBytes());
    }

    /** What the source was last heard to complain about; null while it does not. */
    public @Nullable String sourceTrouble() {
        return source.trouble();
    }

    /** Runs the listener as soon as every region is local, at once if they are. It may run twice. */
    public void whenComplete(Runnable listener) {
        completionListeners.add(listener);
        if (map.complete()) {
            listener.run();
        }
    }

    /** As {@link #verify(SourceSums.Asked)} with a source that cannot be asked. */
    public VerificationReport verify() {
        return verify(SourceSums.SILENT);
    }

    /**
     * Compares every copied and unwritten region with the checksum of what arrived, and with what the source says that it gave
     * out, where it can be asked. The workload may go on.
     */
    public VerificationReport verify(SourceSums.Asked asked) {
        committer.flush();
        return Verifier.verify(layout, map, local, new SourceSums(asked, layout.sizeBytes()), stop);
    }

    /**
     * Makes sure that the local disk alone holds everything, durably. From then on it may take this device's place; the metadata
     * is to be removed only after it has.
     *
     * @throws IllegalStateException some region is not local
     */
    public void settle() {
        if (!map.complete() || map.busyRegions() != 0) {
            throw new IllegalStateException("cannot settle: " + map.localRegions() + " of " + map.regions()
                    + " regions are local, " + map.busyRegions() + " in flight");
        }
        committer.flush();
    }

    /** Ends all waiting calls and copies, and commits what it can. Harmless when repeated. */
    @Override
    public void close() {
        if (stop.stopped()) {
            return;
        }
        stop.stop();
        hydrator.wake();
        map.wakeAll();
        copier.end();
        try {
            committer.flush();
        } finally {
            try {
                committer.close();
            } finally {
                warm.close();
            }
        }
    }

    private void keepWhatWasWritten() {
        if (!warm.recording()) {
            committer.flush();
        }
    }

    private void commitRegularly(CloneOptions options) {
        try {
            while (!stop.within(options.commitEvery())) {
                commitQuietly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void commitQuietly() {
        try {
            if (map.anyDirty() && !stop.stopped()) {
                committer.flush();
            }
        } catch (RuntimeException e) {
            log.warn("committing the clone metadata failed, trying again: {}", e.getMessage());
        }
    }

    private void announceIfComplete() {
        if (map.complete() && announced.compareAndSet(false, true)) {
            completionListeners.forEach(Runnable::run);
        }
    }

    private long bytes(RegionState state) {
        int last = map.regions() - 1;
        long missing = map.state(last) == state ? layout.start(last) + layout.regionBytes() - layout.sizeBytes() : 0;
        return map.count(state) * layout.regionBytes() - missing;
    }
}
