package io.sluice.iscsi.netty;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.Extent;
import io.sluice.iscsi.block.RegionChecksums;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A disk that says so when it is stuck: when calls are on it and none has returned for a while, further ones fail at once as
 * passing trouble, which initiators see as BUSY. Those that are on it stay: a write may yet take effect, and nobody can be told
 * that it did not.
 */
final class WatchedDisk implements BlockDevice {

    private final BlockDevice disk;
    private final Duration patience;
    private final AtomicInteger running = new AtomicInteger();
    private volatile long lastReturnNanos;

    WatchedDisk(BlockDevice disk, Duration patience) {
        this.disk = disk;
        this.patience = patience;
    }

    @Override
    public long sizeBytes() {
        return disk.sizeBytes();
    }

    @Override
    public int blockBytes() {
        return disk.blockBytes();
    }

    @Override
    public boolean readOnly() {
        return disk.readOnly();
    }

    @Override
    public void read(long offset, ByteBuffer into) {
        watch(() -> disk.read(offset, into));
    }

    /** Not watched: it does not wait for the disk, and what is cached can be read however stuck that is. */
    @Override
    public boolean readNow(long offset, ByteBuffer into) {
        return disk.readNow(offset, into);
    }

    @Override
    public void write(long offset, ByteBuffer from) {
        watch(() -> disk.write(offset, from));
    }

    @Override
    public void flush() {
        watch(disk::flush);
    }

    @Override
    public void unmap(long offset, long lengthBytes) {
        watch(() -> disk.unmap(offset, lengthBytes));
    }

    @Override
    public Extent extentAt(long offset) {
        return watch(() -> disk.extentAt(offset));
    }

    @Override
    public @Nullable RegionChecksums checksums() {
        RegionChecksums sums = disk.checksums();
        return sums == null ? null : new Watched(sums);
    }

    /** The disk below belongs to whoever had it served. */
    @Override
    public void close() {}

    @Override
    public String toString() {
        return disk.toString();
    }

    private final class Watched implements RegionChecksums {
        private final RegionChecksums sums;

        Watched(RegionChecksums sums) {
            this.sums = sums;
        }

        @Override
        public int regionBytes() {
            return sums.regionBytes();
        }

        @Override
        public long regions() {
            return sums.regions();
        }

        @Override
        public boolean known(long region) {
            return sums.known(region);
        }

        @Override
        public int checksum(long region) {
            return watch(() -> sums.checksum(region));
        }
    }

    private void watch(Runnable call) {
        enter();
        try {
            call.run();
        } finally {
            leave();
        }
    }

    private <T> T watch(Supplier<T> call) {
        enter();
        try {
            return call.get();
        } finally {
            leave();
        }
    }

    private void enter() {
        long now = System.nanoTime();
        int there = running.get();
        if (there == 0) {
            lastReturnNanos = now;
        } else if (now - lastReturnNanos > patience.toNanos()) {
            throw new BlockDeviceException(
                    "%s answers none of %d calls for longer than %d s".formatted(disk, there, patience.toSeconds()),
                    true);
        }
        running.incrementAndGet();
    }

    private void leave() {
        lastReturnNanos = System.nanoTime();
        running.decrementAndGet();
    }
}
