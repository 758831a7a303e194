package io.sluice.agent.disk;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.devicemapper.DeviceInfo;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.devicemapper.DeviceMapper.Access;
import io.sluice.agent.devicemapper.DeviceMapper.Suspend;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.devicemapper.LinearTable;
import io.sluice.agent.devicemapper.MappedDevices;
import io.sluice.agent.devicemapper.MappedDevices.Mapped;
import io.sluice.agent.devicemapper.Table;
import io.sluice.agent.reconcile.DiskBacking;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.agent.reconcile.Disks;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.volume.VolumeFiles;
import io.sluice.agent.volume.VolumeFiles.VolumeFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The disks of this host's workloads as devices. Each is a linear map over the volume, over its clone device, or over what the
 * agent serves on its portal; changing from one to another suspends it and keeps its number and whoever has it open. What is
 * served is found in the kernel: it goes on without the agent, and is gone after a boot of the host.
 */
public final class KernelDisks implements Disks {
    private static final Logger log = LoggerFactory.getLogger(KernelDisks.class);

    /** The clone devices that this host's kernel has. */
    public interface CloneDevices {
        /** What a workload's disk is to lie on while its volume is cloned; null when the kernel has no clone of it up. */
        @Nullable
        Path device(VolumeId volume);

        /**
         * Asked while the disk is suspended, before the volume takes the place of its clone.
         *
         * @throws HostActionException some byte is not local yet
         */
        void requireComplete(VolumeId volume);
    }

    private final DeviceMapper mapper;
    private final MappedDevices devices;
    private final VolumeFiles volumes;
    private final CloneDevices clones;
    private final PortalDisks portal;
    private final Openers openers;
    private final Map<VolumeId, ReentrantLock> locks = new ConcurrentHashMap<>();

    public KernelDisks(DeviceMapper mapper, Path sysfs, VolumeFiles volumes, CloneDevices clones, PortalDisks portal) {
        this.mapper = mapper;
        this.devices = new MappedDevices(sysfs);
        this.volumes = volumes;
        this.clones = clones;
        this.portal = portal;
        this.openers = new Openers(Path.of("/proc"));
    }

    /**
     * A disk left suspended or with a second table, or whose portal does not serve it, or that lies on a clone and takes discards, counts
     * as not served: serving it again mends that.
     */
    @Override
    public List<DiskState> observe() {
        List<DiskState> found = new ArrayList<>();
        for (Mapped disk : devices.list()) {
            VolumeId volume = DeviceName.volumeOf(disk.name());
            if (volume != null && disk.hasTable() && !disk.suspended()) {
                DiskBacking backing = backing(disk, volume);
                if (backing != null) {
                    found.add(new DiskState(
                            volume, backing, DeviceName.disk(volume).path().toString(), null, null));
                }
            }
        }
        return List.copyOf(found);
    }

    /**
     * At the agent's start: a disk that the one before left suspended goes on as it was, so that no workload hangs. Serving it would mend
     * that too, but one whose workload leaves this host is not served any more.
     */
    public void resumeLeftSuspended() {
        for (Mapped disk : devices.list()) {
            VolumeId volume = DeviceName.volumeOf(disk.name());
            if (volume != null && disk.hasTable() && disk.suspended()) {
                alone(volume, () -> resumeLeftSuspended(volume));
            }
        }
    }

    private void resumeLeftSuspended(VolumeId volume) {
        try {
            goOnAsBefore(DeviceName.disk(volume));
            log.info("a disk was left suspended, it goes on as before volume={}", volume);
        } catch (HostActionException e) {
            log.warn("a disk was left suspended and stays so until it is served volume={}: {}", volume, e.getMessage());
        }
    }

    private @Nullable DiskBacking backing(Mapped disk, VolumeId volume) {
        Beneath beneath = Beneath.of(disk, volume, devices);
        if (beneath == null) {
            return null;
        }
        return switch (beneath) {
            case VOLUME -> DiskBacking.PLAIN;
            case CLONE -> devices.takesDiscards(disk) ? null : DiskBacking.CLONE;
            case PORTAL -> portal.backing(volume);
        };
    }

    @Override
    public void serve(VolumeId volume, DiskBacking backing) {
        alone(volume, () -> {
            VolumeFile file = require(volume);
            Path clone = backing == DiskBacking.CLONE ? clones.device(volume) : null;
            if (clone != null) {
                // before anything lies on it: so no disk ever takes a discard of what is being copied, which loses
                // later writes
                refuseDiscards(new DeviceName(clone.getFileName().toString()));
                put(volume, Beneath.CLONE, LinearTable.over(clone.toString(), file.sizeBytes()));
            } else if (backing == DiskBacking.CLONE || Files.isRegularFile(file.path())) {
                Path device = portal.raise(volume, file, backing);
                put(volume, Beneath.PORTAL, LinearTable.over(device.toString(), file.sizeBytes()));
            } else {
                put(volume, Beneath.VOLUME, LinearTable.over(file.path().toString(), file.sizeBytes()));
            }
        });
    }

    private VolumeFile require(VolumeId volume) {
        VolumeFile file = volumes.find(volume);
        if (file == null) {
            throw new HostActionException(
                    "VOLUME_MISSING",
                    FailureKind.OPERATOR,
                    "the disk of volume " + volume + " is to be served but the volume is in none of this host's pools:"
                            + " see that its pool is there");
        }
        return file;
    }

    private void put(VolumeId volume, Beneath wanted, Table table) {
        DeviceName name = DeviceName.disk(volume);
        Mapped before = findWithOneTable(name);
        if (before == null || !before.hasTable()) {
            create(name, before, table);
        } else {
            Beneath now = Beneath.of(before, volume, devices);
            if (now != wanted) {
                swap(volume, now, table);
            } else if (before.suspended()) {
                // left by an agent that ended in the middle of a swap which is not wanted any more
                goOnAsBefore(name);
            }
        }
        if (wanted == Beneath.CLONE) {
            // one that lay on the clone before; a new table, that of the plain volume, takes them again
            refuseDiscards(name);
        }
    }

    /** A table loaded by an agent that ended, or gave up, before it came into force goes: it is not known whether it is still right. */
    private @Nullable Mapped findWithOneTable(DeviceName name) {
        Mapped disk = devices.find(name);
        if (disk == null || !disk.hasTable() || disk.below().size() <= 1) {
            return disk;
        }
        mapper.clear(name);
        return devices.find(name);
    }

    private void goOnAsBefore(DeviceName name) {
        mapper.clear(name);
        mapper.resume(name);
    }

    private void refuseDiscards(DeviceName name) {
        Mapped device = devices.find(name);
        if (device != null) {
            devices.refuseDiscards(device);
        }
    }

    private void create(DeviceName name, @Nullable Mapped before, Table table) {
        if (before != null) {
            mapper.remove(name);
        }
        mapper.create(name, table, Access.READ_WRITE);
    }

    /** File systems on it are frozen and their pages flushed first, and clone devices are left only when nothing is missing. */
    private void swap(VolumeId volume, @Nullable Beneath now, Table table) {
        Runnable stillRight = now == Beneath.CLONE ? () -> clones.requireComplete(volume) : () -> {};
        mapper.swap(DeviceName.disk(volume), table, Access.READ_WRITE, Suspend.FLUSHING, stillRight);
    }

    /** Refused while somebody has the disk open: bytes not written yet would be lost, and the volume not be free. */
    @Override
    public void withdraw(VolumeId volume) {
        alone(volume, () -> {
            DeviceName name = DeviceName.disk(volume);
            Mapped disk = devices.find(name);
            if (disk != null) {
                requireClosed(name, disk);
                if (disk.suspended()) {
                    goOnAsBefore(name);
                }
            }
            // also one that was left halfway: the kernel may not show it
            mapper.remove(name);
            portal.drop(volume);
        });
    }

    private void requireClosed(DeviceName name, Mapped disk) {
        DeviceInfo info = mapper.find(name);
        if (info != null && info.openCount() > 0) {
            throw new HostActionException(
                    "DISK_IN_USE",
                    FailureKind.RETRY,
                    "disk " + name.path() + " is to be withdrawn but is open: " + openers.of(disk)
                            + "; it is tried again: end that, or see why the workload's stop left it");
        }
    }

    private void alone(VolumeId volume, Runnable action) {
        ReentrantLock lock = locks.computeIfAbsent(volume, key -> new ReentrantLock());
        lock.lock();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }
}
