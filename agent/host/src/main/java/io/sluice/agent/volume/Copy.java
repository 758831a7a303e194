package io.sluice.agent.volume;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.ledger.DurableFile;
import io.sluice.agent.ledger.DurableRecord;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.Standing;
import io.sluice.agent.reconcile.VolumeState;
import io.sluice.iscsi.block.Extent;
import io.sluice.iscsi.block.FileDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One copy of a volume in a directory pool: {@code <volume>.raw} and {@code <volume>.json}, or, retired,
 * {@code <volume>@<epoch>.raw} and {@code .json}, so that a newer copy may take the plain name. The sidecar comes before the
 * file and goes after it: a file without one is the operator's own, never a half-made copy.
 */
final class Copy {
    static final String RAW = ".raw";
    static final String SIDECAR = ".json";

    private static final Set<PosixFilePermission> WRITABLE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> READ_ONLY = PosixFilePermissions.fromString("r--------");

    /** A file in more pieces is not counted: looking would take longer than anyone waits for a number. */
    private static final int MOST_EXTENTS = 100_000;

    private final VolumeId volume;
    private final PoolDirectory pool;
    private final Path file;
    private final long sizeBytes;
    private final Sidecar sidecar;
    private volatile @Nullable Long allocatedBytes;

    Copy(VolumeId volume, PoolDirectory pool, Path file, long sizeBytes, Sidecar sidecar) {
        this.volume = volume;
        this.pool = pool;
        this.file = file;
        this.sizeBytes = sizeBytes;
        this.sidecar = sidecar;
    }

    static Path plainFile(PoolDirectory pool, VolumeId volume) {
        return pool.path().resolve(volume + RAW);
    }

    static DurableRecord<Sidecar> sidecarOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return new DurableRecord<>(
                file.resolveSibling(name.substring(0, name.length() - RAW.length()) + SIDECAR), Sidecar.class);
    }

    VolumeId volume() {
        return volume;
    }

    PoolDirectory pool() {
        return pool;
    }

    Path file() {
        return file;
    }

    long sizeBytes() {
        return sizeBytes;
    }

    int blockBytes() {
        return sidecar.blockBytes();
    }

    Standing standing() {
        return sidecar.standing();
    }

    boolean retired() {
        return standing().role() == VolumeRole.RETIRED;
    }

    VolumeState state() {
        return new VolumeState(volume, pool.name(), sizeBytes, blockBytes(), allocatedBytes, isWritable(), standing());
    }

    private boolean isWritable() {
        try {
            return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_WRITE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot look at volume file " + file, e);
        }
    }

    /** Durable when it returns. Run again, it does what an interrupted run left. */
    Copy become(Standing next) {
        try {
            return switch (next.role()) {
                case OWNED, INCOMING -> {
                    Copy changed = with(file, next);
                    sidecarOf(file).write(changed.sidecar);
                    Files.setPosixFilePermissions(file, WRITABLE);
                    yield changed;
                }
                case FROZEN -> {
                    flush();
                    Copy changed = with(file, next);
                    sidecarOf(file).write(changed.sidecar);
                    Files.setPosixFilePermissions(file, READ_ONLY);
                    yield changed;
                }
                case RETIRED -> retire(next);
            };
        } catch (IOException e) {
            throw new HostActionException(
                    "VOLUME_CHANGE_FAILED",
                    FailureKind.RETRY,
                    "volume file " + file + " cannot become " + next.role() + " (" + e + "): check the medium",
                    e);
        }
    }

    private Copy retire(Standing next) throws IOException {
        Path aside = file.resolveSibling(volume + "@" + next.epoch() + RAW);
        Copy changed = with(aside, next);
        Files.setPosixFilePermissions(file, READ_ONLY);
        sidecarOf(aside).write(changed.sidecar);
        DurableFile.rename(file, aside);
        sidecarOf(file).remove();
        return changed;
    }

    private Copy with(Path where, Standing next) {
        Copy changed = new Copy(volume, pool, where, sizeBytes, new Sidecar(blockBytes(), next));
        changed.allocatedBytes = allocatedBytes;
        return changed;
    }

    /** The page cache serves this file's readers as well, so there are no cached pages to drop as with a block device. */
    private void flush() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    void delete() {
        DurableFile.remove(file);
        sidecarOf(file).remove();
    }

    /** Counts what the file holds, by its holes; unknown when that takes too long. */
    void countAllocated() {
        long counted = 0;
        int extents = 0;
        try (FileDisk disk = FileDisk.open(file, blockBytes(), true)) {
            for (long offset = 0; offset < sizeBytes; ) {
                Extent extent = disk.extentAt(offset);
                counted += extent.allocated() ? extent.lengthBytes() : 0;
                offset += extent.lengthBytes();
                extents++;
                if (extents > MOST_EXTENTS) {
                    allocatedBytes = null;
                    return;
                }
            }
        }
        allocatedBytes = counted;
    }
}
