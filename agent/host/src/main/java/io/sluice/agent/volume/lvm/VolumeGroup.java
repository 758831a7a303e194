package io.sluice.agent.volume.lvm;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One volume group as LVM reports it. */
record VolumeGroup(String name, long extentBytes, long sizeBytes, long freeBytes, List<LogicalVolume> volumes) {
    VolumeGroup {
        volumes = List.copyOf(volumes);
    }

    @Nullable
    LogicalVolume find(String volume) {
        for (LogicalVolume one : volumes) {
            if (one.name().equals(volume)) {
                return one;
            }
        }
        return null;
    }

    /** As it is after one volume has changed; null takes it out. */
    VolumeGroup with(String name, @Nullable LogicalVolume changed) {
        List<LogicalVolume> now = new ArrayList<>(volumes);
        now.removeIf(one -> one.name().equals(name));
        if (changed != null) {
            now.add(changed);
        }
        return new VolumeGroup(this.name, extentBytes, sizeBytes, freeBytes, now);
    }
}
