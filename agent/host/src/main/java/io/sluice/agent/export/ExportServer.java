package io.sluice.agent.export;

import io.sluice.agent.api.ChapSecrets;
import io.sluice.agent.api.ExportAccess;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.reconcile.ExportOrder;
import io.sluice.agent.reconcile.ExportState;
import io.sluice.agent.reconcile.Exports;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.volume.VolumeFiles;
import io.sluice.agent.volume.VolumeFiles.VolumeFile;
import io.sluice.iscsi.block.AllocationMap;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.ChecksummedDisk;
import io.sluice.iscsi.block.FileDisk;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.login.ChapCredentials;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The exports of this host. Each is read-only whatever its volume is, admits one initiator by mutual CHAP, and shows the
 * volume's id as its serial, by which the destination knows that it is the right disk.
 */
public final class ExportServer implements Exports {
    /** The smallest regions of clones, which are read whole when they are hydrated; larger ones count as several. */
    private static final int CHECKSUM_REGION_BYTES = 64 << 10;

    private final Targets targets;
    private final VolumeFiles volumes;
    private final Map<Key, Open> open = new ConcurrentHashMap<>();
    private final VolumeLocks locks = new VolumeLocks();

    public ExportServer(Targets targets, VolumeFiles volumes) {
        this.targets = targets;
        this.volumes = volumes;
    }

    @Override
    public List<ExportState> observe() {
        Map<String, Targets.TargetFacts> facts = new LinkedHashMap<>();
        targets.facts().forEach(found -> facts.put(found.name(), found));
        List<ExportState> found = new ArrayList<>();
        for (Open export : open.values()) {
            Targets.TargetFacts target = facts.get(export.order.access().target());
            if (export.closing) {
                found.add(new ExportState(export.order, 0, 0));
            } else if (target != null) {
                found.add(new ExportState(export.order, target.sessions(), target.bytesRead()));
            }
        }
        return List.copyOf(found);
    }

    @Override
    public void open(ExportOrder order) {
        locks.alone(order.volume(), () -> bring(order));
    }

    @Override
    public void close(MigrationId migration, VolumeId volume) {
        locks.alone(volume, () -> end(new Key(migration, volume)));
    }

    /** What an export has given out, by region; null where there is no such export. For verifying the copy against. */
    public @Nullable ChecksummedDisk given(MigrationId migration, VolumeId volume) {
        Open export = open.get(new Key(migration, volume));
        return export == null ? null : export.disk.served;
    }

    private void bring(ExportOrder order) {
        Key key = new Key(order.migration(), order.volume());
        Open before = open.get(key);
        if (before != null
                && (before.closing
                        || !before.order.access().target().equals(order.access().target()))) {
            end(key);
            before = null;
        }
        Disk disk = before != null ? before.disk : openDisk(order.volume());
        if (order.frozen() && (before == null || !before.order.frozen())) {
            disk.beginFrozen(volumes.allocation(order.volume()));
        }
        // Remembered before it is served: whatever happens next, closing finds it.
        open.put(key, new Open(order, disk, false));
        ExportAccess access = order.access();
        targets.serve(
                access.target(),
                new LogicalUnit(disk.served, order.volume().value(), true),
                admission(access),
                access.bytesPerSecond());
    }

    private void end(Key key) {
        Open export = open.get(key);
        if (export != null) {
            // Shown until no command is on the volume any more, so that closing is tried again.
            open.put(key, new Open(export.order, export.disk, true));
            targets.withdraw(export.order.access().target());
            export.disk.file.close();
            open.remove(key);
        }
    }

    private Disk openDisk(VolumeId volume) {
        VolumeFile file = volumes.find(volume);
        if (file == null) {
            throw new HostActionException(
                    "VOLUME_MISSING",
                    FailureKind.OPERATOR,
                    "volume " + volume + " is to be exported but is in none of this host's pools: see that its pool is"
                            + " mounted");
        }
        try {
            return new Disk(file.openReadOnly());
        } catch (BlockDeviceException e) {
            throw new HostActionException(
                    "VOLUME_UNREADABLE",
                    FailureKind.RETRY,
                    "cannot open " + file.path() + " of volume " + volume + " for its export: " + e.getMessage(),
                    e);
        }
    }

    private static Admission admission(ExportAccess access) {
        ChapSecrets secrets = access.secrets();
        return new Admission(
                access.initiator(),
                credentials(secrets.user(), secrets.secret()),
                credentials(secrets.mutualUser(), secrets.mutualSecret()));
    }

    private static ChapCredentials credentials(String user, String secret) {
        return new ChapCredentials(user, secret.getBytes(StandardCharsets.UTF_8));
    }

    private record Key(MigrationId migration, VolumeId volume) {}

    private record Open(ExportOrder order, Disk disk, boolean closing) {}

    /** A volume's content, and what of it has been given out since it is final. */
    private static final class Disk {
        private final FileDisk file;
        private final ChecksummedDisk served;

        Disk(FileDisk file) {
            this.file = file;
            this.served = new ChecksummedDisk(file, CHECKSUM_REGION_BYTES);
        }

        /**
         * No page that was cached while the volume could still change is served from now on, and no sum is of one.
         *
         * @param allocation what of it is allocated; null where the file tells itself
         */
        void beginFrozen(@Nullable AllocationMap allocation) {
            try {
                file.forgetCached();
                if (allocation != null) {
                    file.allocatedBy(allocation);
                }
            } catch (BlockDeviceException e) {
                throw new HostActionException(
                        "VOLUME_UNREADABLE", FailureKind.RETRY, String.valueOf(e.getMessage()), e);
            }
            served.restart();
            new IdleSums(served).start();
        }
    }
}
