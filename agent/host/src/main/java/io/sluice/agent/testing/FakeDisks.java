package io.sluice.agent.testing;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.reconcile.DiskBacking;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.agent.reconcile.Disks;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Served disks; a crash takes them. */
final class FakeDisks implements Disks {
    private final FakeClones clones;
    private final Map<VolumeId, DiskBacking> served = new LinkedHashMap<>();

    FakeDisks(FakeClones clones) {
        this.clones = clones;
    }

    void crash() {
        served.clear();
    }

    boolean isServed(VolumeId volume) {
        return served.containsKey(volume);
    }

    /** Null when the plain volume lies behind the disk. */
    @Nullable
    FakeClone cloneBehind(VolumeId volume) {
        return served.get(volume) == DiskBacking.CLONE ? clones.find(volume) : null;
    }

    @Override
    public List<DiskState> observe() {
        return served.entrySet().stream()
                .map(disk -> new DiskState(
                        disk.getKey(),
                        disk.getValue(),
                        "iscsi://127.0.0.1:1/iqn.2026-11.io.sluice:disk." + disk.getKey() + "/0",
                        "user",
                        Path.of("secret")))
                .toList();
    }

    @Override
    public void serve(VolumeId volume, DiskBacking backing) {
        if (backing == DiskBacking.CLONE && clones.find(volume) == null) {
            throw new IllegalStateException("volume " + volume + " has no clone to be served");
        }
        served.put(volume, backing);
    }

    @Override
    public void withdraw(VolumeId volume) {
        served.remove(volume);
    }
}
