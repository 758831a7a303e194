package io.sluice.agent.export;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.reconcile.DiskBacking;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.agent.reconcile.Disks;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.volume.VolumeFiles;
import io.sluice.agent.volume.VolumeFiles.VolumeFile;
import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The disks of this host's workloads, on a loopback portal whose port is configured: name, port, secret and serial of a disk
 * are the same after every restart, so a workload's session finds its disk again. What lies behind is the volume's file, or
 * its clone device.
 */
public final class DiskFronts implements Disks {

    /** Where clone devices are found; null when the volume has none that is up. */
    public interface CloneDevices {
        @Nullable
        BlockDevice find(VolumeId volume);
    }

    private static final String PREFIX = "iqn.2026-11.io.sluice:disk.";

    private final Targets targets;
    private final VolumeFiles volumes;
    private final CloneDevices clones;
    private final DiskSecrets secrets;
    private final Map<VolumeId, Front> fronts = new ConcurrentHashMap<>();
    private final VolumeLocks locks = new VolumeLocks();

    public DiskFronts(Targets targets, VolumeFiles volumes, CloneDevices clones, DiskSecrets secrets) {
        this.targets = targets;
        this.volumes = volumes;
        this.clones = clones;
        this.secrets = secrets;
    }

    @Override
    public List<DiskState> observe() {
        List<DiskState> found = new ArrayList<>();
        fronts.forEach((volume, front) -> found.add(
                new DiskState(volume, front.backing, address(volume), secrets.user(volume), secrets.file(volume))));
        return List.copyOf(found);
    }

    @Override
    public void serve(VolumeId volume, DiskBacking backing) {
        locks.alone(volume, () -> bring(volume, backing));
    }

    @Override
    public void withdraw(VolumeId volume) {
        locks.alone(volume, () -> {
            targets.withdraw(name(volume));
            Front front = fronts.remove(volume);
            if (front != null) {
                front.closeOwn();
            }
        });
    }

    private void bring(VolumeId volume, DiskBacking backing) {
        Front before = fronts.get(volume);
        if (before != null && before.backing == backing) {
            return;
        }
        BlockDevice device = switch (backing) {
            case PLAIN -> openPlain(volume);
            case CLONE -> requireClone(volume);
        };
        Front front = new Front(backing, device);
        boolean served = false;
        try {
            if (before == null) {
                Admission admission = new Admission(null, secrets.credentials(volume), null);
                targets.serve(name(volume), new LogicalUnit(device, volume.value(), false), admission, null);
            } else {
                targets.swap(name(volume), device);
            }
            served = true;
        } finally {
            if (!served) {
                front.closeOwn();
            }
        }
        fronts.put(volume, front);
        if (before != null) {
            before.closeOwn();
        }
    }

    private BlockDevice openPlain(VolumeId volume) {
        VolumeFile file = volumes.find(volume);
        if (file == null) {
            throw new HostActionException(
                    "VOLUME_MISSING",
                    FailureKind.OPERATOR,
                    "the disk of volume " + volume + " is to be served but the volume is in none of this host's pools:"
                            + " see that its pool is mounted");
        }
        try {
            return file.open();
        } catch (BlockDeviceException e) {
            throw new HostActionException(
                    "VOLUME_UNREADABLE",
                    FailureKind.RETRY,
                    "cannot open " + file.path() + " for the disk of volume " + volume + ": " + e.getMessage(),
                    e);
        }
    }

    private BlockDevice requireClone(VolumeId volume) {
        BlockDevice device = clones.find(volume);
        if (device == null) {
            throw new HostActionException(
                    "CLONE_MISSING", FailureKind.RETRY, "volume " + volume + " has no clone device to be served");
        }
        return device;
    }

    private String address(VolumeId volume) {
        return "iscsi://" + targets.address() + "/" + name(volume) + "/0";
    }

    private static String name(VolumeId volume) {
        return PREFIX + volume;
    }

    private record Front(DiskBacking backing, BlockDevice device) {
        /** A clone device belongs to the clones. */
        void closeOwn() {
            if (backing == DiskBacking.PLAIN) {
                device.close();
            }
        }
    }
}
