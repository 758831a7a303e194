package io.sluice.agent.volume;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.ledger.DurableFile;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.NewVolume;
import io.sluice.agent.reconcile.Standing;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.FileDisk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory pools of this host. What they hold is read once and after each change; {@link #refresh()} looks for files
 * that came or went otherwise. Actions on one volume come one after another, those on several may come at once.
 */
public final class DirectoryPools implements Pools {
    private static final Logger log = LoggerFactory.getLogger(DirectoryPools.class);

    private final List<PoolDirectory> pools;
    private final Map<Path, Copy> copies = new ConcurrentHashMap<>();
    private volatile List<PoolScan> scans = List.of();

    private DirectoryPools(List<PoolDirectory> pools) {
        this.pools = List.copyOf(pools);
    }

    /** Makes the directories that are missing, reads what they hold, and clears away what a crash left half-deleted. */
    public static DirectoryPools open(List<PoolDirectory> pools) {
        DirectoryPools opened = new DirectoryPools(pools);
        for (PoolDirectory pool : pools) {
            try {
                Files.createDirectories(pool.path());
                PoolScan.clearOrphans(pool);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "pool " + pool.name() + ": directory " + pool.path()
                                + " cannot be used; check its path and owner",
                        e);
            }
        }
        opened.refresh();
        return opened;
    }

    @Override
    public boolean has(PoolName pool) {
        return pools.stream().anyMatch(known -> known.name().equals(pool));
    }

    /** Looks at the directories again and counts what is allocated. */
    @Override
    public void refresh() {
        List<PoolScan> found = new ArrayList<>();
        for (PoolDirectory pool : pools) {
            found.add(scan(pool));
        }
        scans = List.copyOf(found);
        copies.values().forEach(this::count);
    }

    /** Also as soon as a copy is whole: what moves it on next has to know how much there is to move. */
    private void count(Copy copy) {
        try {
            copy.countAllocated();
        } catch (BlockDeviceException e) {
            forgetIfGone(copy, e);
        }
    }

    private PoolScan scan(PoolDirectory pool) {
        try {
            PoolScan scan = PoolScan.of(pool, copies.keySet());
            scan.copies().forEach(copy -> copies.putIfAbsent(copy.file(), copy));
            return scan;
        } catch (UncheckedIOException e) {
            log.warn(
                    "pool not refreshed pool={} message=\"{}\" cause=\"{}\"",
                    pool.name(),
                    e.getMessage(),
                    e.getCause());
            return PoolScan.unreadable(e);
        }
    }

    /** Where the directory is away with its file nothing is known of the file. */
    private void forgetIfGone(Copy copy, BlockDeviceException e) {
        if (Files.exists(copy.file()) || !Files.isDirectory(copy.pool().path())) {
            log.warn("volume file unreadable file={} message=\"{}\"", copy.file(), e.getMessage());
        } else {
            copies.remove(copy.file(), copy);
        }
    }

    @Override
    public Found observe() {
        List<Copy> known = List.copyOf(copies.values());
        List<Copy> there =
                known.stream().filter(copy -> Files.exists(copy.file())).toList();
        List<PoolScan> last = scans;
        return new Found(
                there.stream().map(Copy::state).toList(),
                pools.stream().map(this::report).toList(),
                last.stream().flatMap(scan -> scan.problems().stream()).toList(),
                there.size() == known.size() && last.stream().allMatch(PoolScan::allCopiesSeen));
    }

    private PoolReport report(PoolDirectory pool) {
        long free = pool.path().toFile().getUsableSpace();
        return new PoolReport(pool.name(), pool.kind(), pool.capacityBytes(), committed(pool), free);
    }

    private long committed(PoolDirectory pool) {
        return copies.values().stream()
                .filter(copy -> copy.pool().equals(pool))
                .mapToLong(Copy::sizeBytes)
                .sum();
    }

    /** Sidecar first, then the file at its full size, all holes: it reads zero. One at a time, so that room is not given twice. */
    @Override
    public synchronized void create(NewVolume wanted) {
        if (currentCopy(wanted.volume()) != null) {
            return;
        }
        PoolDirectory pool = PoolPlace.named(wanted.pool(), pools);
        long room = pool.capacityBytes() - committed(pool);
        if (room < wanted.sizeBytes()) {
            throw new HostActionException(
                    "POOL_FULL",
                    FailureKind.CAPACITY,
                    "pool " + pool.name() + " has room for " + room + " bytes, volume " + wanted.volume() + " needs "
                            + wanted.sizeBytes() + ": make room, raise the pool's capacity, or choose another host");
        }
        Path file = Copy.plainFile(pool, wanted.volume());
        clearUnfinished(file);
        Sidecar sidecar = new Sidecar(wanted.blockBytes(), Standing.incoming(wanted.migration(), wanted.epoch()));
        Copy.sidecarOf(file).write(sidecar);
        FileDisk.create(file, wanted.sizeBytes());
        Copy copy = new Copy(wanted.volume(), pool, file, wanted.sizeBytes(), sidecar);
        copies.put(file, copy.become(sidecar.standing()));
    }

    /** A file that an interrupted creation left may go; any other is somebody's. */
    private static void clearUnfinished(Path file) {
        if (Files.exists(file)) {
            Sidecar sidecar = Copy.sidecarOf(file).read();
            if (sidecar == null || sidecar.standing().role() != VolumeRole.INCOMING) {
                throw new HostActionException(
                        "VOLUME_EXISTS",
                        FailureKind.OPERATOR,
                        "file " + file + " is there but is no volume in use: move it away");
            }
            DurableFile.remove(file);
        }
    }

    @Override
    public void change(VolumeId volume, Standing standing) {
        Copy copy = currentCopy(volume);
        if (copy == null) {
            throw new HostActionException(
                    "VOLUME_MISSING",
                    FailureKind.RETRY,
                    "volume " + volume + " is in no pool of this host, so it cannot become " + standing.role());
        }
        Copy changed = copy.become(standing);
        if (standing.whole() && !copy.standing().whole()) {
            count(changed);
        }
        copies.put(changed.file(), changed);
        if (!changed.file().equals(copy.file())) {
            copies.remove(copy.file());
        }
    }

    @Override
    public void delete(VolumeId volume, long epoch) {
        for (Copy copy : List.copyOf(copies.values())) {
            if (copy.volume().equals(volume) && copy.standing().epoch() == epoch) {
                copy.standing().requireDeletable("volume file " + copy.file());
                copy.delete();
                copies.remove(copy.file());
            }
        }
    }

    @Override
    public @Nullable VolumeFile find(VolumeId volume) {
        Copy copy = currentCopy(volume);
        if (copy == null) {
            return null;
        }
        boolean writable = switch (copy.standing().role()) {
            case OWNED, INCOMING -> true;
            case FROZEN, RETIRED -> false;
        };
        return new VolumeFile(copy.file(), copy.sizeBytes(), copy.blockBytes(), writable);
    }

    private @Nullable Copy currentCopy(VolumeId volume) {
        for (Copy copy : copies.values()) {
            if (copy.volume().equals(volume) && !copy.retired()) {
                return copy;
            }
        }
        return null;
    }
}
