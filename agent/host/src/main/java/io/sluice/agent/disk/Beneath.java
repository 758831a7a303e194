package io.sluice.agent.disk;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.devicemapper.MappedDevices;
import io.sluice.agent.devicemapper.MappedDevices.Mapped;
import org.jspecify.annotations.Nullable;

/** What kind of device lies below a workload's disk. */
enum Beneath {
    /** The volume itself: a device of this host. */
    VOLUME,
    /** A clone device of the kernel's. */
    CLONE,
    /** What this host's agent serves: a volume that is a file, or a clone device of the agent's own. */
    PORTAL;

    /** Null where the disk lies on nothing, or the kernel names two devices: that of the table in force and that of one loaded beside it. */
    static @Nullable Beneath of(Mapped disk, VolumeId volume, MappedDevices devices) {
        if (disk.below().size() != 1) {
            return null;
        }
        String name = devices.nameOf(disk.below().getFirst());
        if (DeviceName.era(volume).value().equals(name)
                || DeviceName.clone(volume).value().equals(name)) {
            return CLONE;
        }
        return DeviceName.portal(volume).value().equals(name) ? PORTAL : VOLUME;
    }
}
