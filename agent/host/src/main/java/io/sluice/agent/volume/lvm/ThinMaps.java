package io.sluice.agent.volume.lvm;

import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.command.Commands;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.devicemapper.OtherTable;
import io.sluice.agent.devicemapper.Table;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.iscsi.block.AllocationMap;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a live thin pool which chunks of a volume are mapped: by {@code thin_dump} on a snapshot of the pool's metadata
 * (Documentation/admin-guide/device-mapper/thin-provisioning.rst, reserve_metadata_snap). There can be one such snapshot of a
 * pool at a time; one that a crash left is released first.
 */
final class ThinMaps {
    private static final Logger log = LoggerFactory.getLogger(ThinMaps.class);

    /** Reads the metadata of one volume: some seconds where that is a million chunks on a busy disk. */
    private static final Duration DUMP_LIMIT = Duration.ofMinutes(2);

    private final DeviceMapper mapper;
    private final Commands commands;
    private final Path scratch;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** @param scratch directory for what thin_dump prints, which may be large */
    ThinMaps(DeviceMapper mapper, Commands commands, Path scratch) {
        this.mapper = mapper;
        this.commands = commands;
        this.scratch = scratch;
    }

    /**
     * Null when nobody can tell, as without thin-provisioning-tools or with an external origin: then everything counts as allocated.
     */
    @Nullable
    AllocationMap of(LogicalVolume volume) {
        LogicalVolume.Thin thin = volume.thin();
        if (thin == null || thin.pool() == null || thin.readsThrough()) {
            return null;
        }
        Integer thinId = idInForce(volume);
        return thinId == null ? null : of(deviceName(volume.group(), thin.pool()), thinId);
    }

    /**
     * By which the pool knows what is read now: LVM's report may be of before the volume was made anew or a snapshot was merged into
     * it. Null with a third argument, which is an external origin, and where the device is no thin one, as below COW snapshots
     * (thin-provisioning.rst, "thin" target: {@code <pool dev> <dev id> [<external origin dev>]}).
     */
    private @Nullable Integer idInForce(LogicalVolume volume) {
        String seen;
        try {
            Table table = mapper.table(new DeviceName(deviceName(volume.group(), volume.name())));
            if (table instanceof OtherTable other
                    && other.target().equals("thin")
                    && other.arguments().size() == 2) {
                return Integer.valueOf(other.arguments().getLast());
            }
            seen = table == null ? "none" : table.line();
        } catch (HostActionException | IllegalArgumentException e) {
            seen = String.valueOf(e.getMessage());
        }
        log.warn("allocation unknown volume={} table=\"{}\"", volume.path(), seen);
        return null;
    }

    private @Nullable AllocationMap of(String pool, int thinId) {
        ReentrantLock lock = locks.computeIfAbsent(pool, key -> new ReentrantLock());
        lock.lock();
        try {
            if (!reserve(pool)) {
                return null;
            }
            try {
                return dump(pool, thinId);
            } finally {
                release(pool);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean reserve(String pool) {
        try {
            message(pool, "reserve_metadata_snap");
            return true;
        } catch (HostActionException e) {
            release(pool);
        }
        try {
            message(pool, "reserve_metadata_snap");
            return true;
        } catch (HostActionException e) {
            log.warn("no metadata snapshot pool={} message=\"{}\"", pool, e.getMessage());
            return false;
        }
    }

    /** One that stays is released by the next question. */
    private void release(String pool) {
        try {
            message(pool, "release_metadata_snap");
        } catch (HostActionException e) {
            log.debug("no metadata snapshot released pool={} message=\"{}\"", pool, e.getMessage());
        }
    }

    private void message(String pool, String words) {
        mapper.message(new DeviceName(pool + "-tpool"), words);
    }

    private @Nullable AllocationMap dump(String pool, int thinId) {
        Path file = scratch.resolve(pool + "." + thinId + ".xml");
        try {
            Command command = Command.logging(
                    DUMP_LIMIT,
                    List.of(
                            "thin_dump",
                            "--metadata-snap",
                            "--dev-id",
                            Integer.toString(thinId),
                            "/dev/mapper/" + pool + "_tmeta"),
                    Map.of("LC_ALL", "C"),
                    file);
            CommandResult result = commands.run(command);
            if (!result.succeeded()) {
                log.warn("allocation unknown pool={} thinId={} message=\"{}\"", pool, thinId, result.words());
                return null;
            }
            try (Stream<String> lines = Files.lines(file)) {
                return ThinDump.read(thinId, lines);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IllegalArgumentException e) {
            log.warn("allocation unknown pool={} thinId={} message=\"{}\"", pool, thinId, e.getMessage());
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** As LVM names its devices: a hyphen within a name is doubled. */
    static String deviceName(String group, String volume) {
        return group.replace("-", "--") + "-" + volume.replace("-", "--");
    }
}
