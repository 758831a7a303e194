package io.sluice.agent.clone;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Carries the region map to the metadata file in the one safe order: a region's bytes are durable before the file says that it
 * is local; and the file says "written by the workload" before the first such write to a copied region, so that a checksum of
 * the source is never held against the workload's bytes after a power loss. Commits are grouped: whoever waits is served by
 * the next one.
 */
final class Committer {
    private final RegionMap map;
    private final MetadataFile file;
    private final WarmMap warm;
    private final BlockDevice local;

    /** One commit of local data at a time. */
    private final ReentrantLock flushing = new ReentrantLock();

    private final AtomicLong requested = new AtomicLong();
    private long done;

    /** One write of metadata at a time; not held while the local disk flushes. */
    private final ReentrantLock storing = new ReentrantLock();

    private final Set<Integer> intentPages = ConcurrentHashMap.newKeySet();

    /** What the file held durably last; with its image guarded by {@link #image}. */
    private final byte[] durable;

    private final ReentrantLock image = new ReentrantLock();
    private volatile @Nullable String lost;

    Committer(RegionMap map, MetadataFile file, WarmMap warm, BlockDevice local) {
        this.map = map;
        this.file = file;
        this.warm = warm;
        this.local = local;
        this.durable = new byte[map.regions()];
        for (int region = 0; region < durable.length; region++) {
            durable[region] = file.code(region);
        }
    }

    /** Returns when all writes that had returned before, and the states of their regions, are durable. */
    void flush() {
        long ticket = requested.incrementAndGet();
        flushing.lock();
        try {
            if (done < ticket) {
                long covers = requested.get();
                commit();
                done = covers;
            }
        } finally {
            flushing.unlock();
        }
    }

    /** To be called before bytes of local regions change, after their states did: makes "written" durable where needed. */
    void beforeWriteInPlace(int first, int last) {
        boolean needed = false;
        for (int region = first; region <= last; region++) {
            if (mayClaimCopied(region)) {
                intentPages.add(region / MetadataFile.REGIONS_PER_PAGE);
                needed = true;
            }
        }
        if (needed) {
            storeIntents(first, last);
        }
    }

    /** Remembers that the source's holes are all marked; the marks themselves are durable first. */
    void holesMarked() {
        flush();
        storing.lock();
        try {
            file.markHolesMarked();
        } finally {
            storing.unlock();
        }
    }

    /** Closes the file once nobody writes it; later calls fail. */
    void close() {
        flushing.lock();
        storing.lock();
        try {
            file.close();
        } finally {
            storing.unlock();
            flushing.unlock();
        }
    }

    private void commit() {
        String before = lost;
        if (before != null) {
            throw new BlockDeviceException(before, false);
        }
        List<Capture> captures = capture();
        flushLocal(captures);
        if (!captures.isEmpty()) {
            try {
                store(captures);
            } catch (RuntimeException e) {
                captures.forEach(capture -> map.markDirty(capture.page));
                throw e;
            }
        }
    }

    private List<Capture> capture() {
        List<Capture> captures = new ArrayList<>();
        for (int page = 0; page < file.pages(); page++) {
            if (map.takeDirty(page)) {
                BitSet localNow = new BitSet();
                for (int region = file.firstRegion(page); region < file.endRegion(page); region++) {
                    localNow.set(
                            region - file.firstRegion(page), map.state(region).local());
                }
                captures.add(new Capture(page, localNow));
            }
        }
        return captures;
    }

    /**
     * A failed flush may have dropped the dirty data it could not write, and the next one would then succeed without it. So
     * nothing more is claimed: regions not yet committed are copied again when the device is opened next.
     */
    private void flushLocal(List<Capture> captures) {
        try {
            local.flush();
        } catch (BlockDeviceException e) {
            captures.forEach(capture -> map.markDirty(capture.page));
            lost =
                    "a flush of the local disk failed, later ones cannot be trusted: repair the disk and restart the agent ("
                            + e.getMessage() + ")";
            warm.distrust();
            throw e;
        }
    }

    private void store(List<Capture> captures) {
        storing.lock();
        try {
            Set<Integer> pages = new TreeSet<>();
            image.lock();
            try {
                for (Capture capture : captures) {
                    pages.add(capture.page);
                    int first = file.firstRegion(capture.page);
                    capture.localRegions.stream().forEach(entry -> update(first + entry));
                }
            } finally {
                image.unlock();
            }
            storePages(pages);
        } finally {
            storing.unlock();
        }
    }

    private void storeIntents(int first, int last) {
        storing.lock();
        try {
            boolean stillNeeded = false;
            for (int region = first; region <= last; region++) {
                stillNeeded |= mayClaimCopied(region);
            }
            if (!stillNeeded) {
                return;
            }
            Set<Integer> pages = new TreeSet<>(intentPages);
            intentPages.removeAll(pages);
            for (int region = first; region <= last; region++) {
                pages.add(region / MetadataFile.REGIONS_PER_PAGE);
            }
            image.lock();
            try {
                pages.forEach(this::updateWritten);
            } finally {
                image.unlock();
            }
            storePages(pages);
        } finally {
            storing.unlock();
        }
    }

    private void updateWritten(int page) {
        for (int region = file.firstRegion(page); region < file.endRegion(page); region++) {
            if (file.code(region) == RegionState.COPIED.code()) {
                update(region);
            }
        }
    }

    /** The region was local when captured, or is so durably; local states only ever gain "written". */
    private void update(int region) {
        file.set(region, map.state(region).code(), map.checksum(region));
    }

    private void storePages(Set<Integer> pages) {
        file.store(pages);
        image.lock();
        try {
            for (int page : pages) {
                for (int region = file.firstRegion(page); region < file.endRegion(page); region++) {
                    durable[region] = file.code(region);
                }
            }
        } finally {
            image.unlock();
        }
    }

    private boolean mayClaimCopied(int region) {
        if (map.state(region) != RegionState.COPIED_WRITTEN) {
            return false;
        }
        image.lock();
        try {
            byte copied = RegionState.COPIED.code();
            return durable[region] == copied || file.code(region) == copied;
        } finally {
            image.unlock();
        }
    }

    /** Regions of one page that were local before the local disk was flushed. */
    private record Capture(int page, BitSet localRegions) {}
}
