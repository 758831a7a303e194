package io.sluice.agent.attach;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.clone.CloneOptions;
import io.sluice.agent.export.DiskFronts;
import io.sluice.agent.reconcile.CloneOrder;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.Clones;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.volume.VolumeFiles;
import io.sluice.agent.volume.VolumeFiles.VolumeFile;
import io.sluice.iscsi.block.BlockDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The incoming volumes of this host. What a clone device must remember lies in its metadata file; whatever else was known is
 * ordered anew after a restart, so nothing here needs recovery.
 */
public final class PortableClones implements Clones, DiskFronts.CloneDevices, AutoCloseable {
    private final CloneDirectory directory;
    private final VolumeFiles volumes;
    private final Sources sources;
    private final CloneOptions options;
    private final Runnable hydrated;
    private final Map<VolumeId, PortableClone> clones = new ConcurrentHashMap<>();

    /** @param hydrated called as soon as a volume is hydrated; quick, and harmless when called more than once */
    public PortableClones(
            CloneDirectory directory, VolumeFiles volumes, Sources sources, CloneOptions options, Runnable hydrated) {
        this.directory = directory;
        this.volumes = volumes;
        this.sources = sources;
        this.options = options;
        this.hydrated = hydrated;
    }

    @Override
    public List<CloneState> observe() {
        List<CloneState> found = new ArrayList<>();
        clones.values().forEach(clone -> found.add(clone.state()));
        for (CloneDirectory.Kept kept : directory.list()) {
            if (!clones.containsKey(kept.volume())) {
                found.add(
                        new CloneState(kept.migration(), kept.volume(), IncomingStage.CREATED, null, null, null, null));
            }
        }
        return List.copyOf(found);
    }

    @Override
    public void attach(CloneOrder order) {
        VolumeId volume = order.volume().volume();
        PortableClone before = clones.get(volume);
        if (before != null) {
            requireSame(order.migration(), before.migration(), volume);
            return;
        }
        boolean resumed = false;
        for (CloneDirectory.Kept kept : directory.list()) {
            if (kept.volume().equals(volume)) {
                requireSame(order.migration(), kept.migration(), volume);
                resumed = true;
            }
        }
        Attachment source =
                resumed ? Attachment.eventually(order.volume(), sources) : Attachment.now(order.volume(), sources);
        PortableClone clone = new PortableClone(order, source);
        boolean opened = false;
        try {
            clone.open(file(volume), directory.files(order), options);
            opened = true;
        } finally {
            if (!opened) {
                clone.close();
            }
        }
        clones.put(volume, clone);
    }

    @Override
    public void raise(CloneOrder order) {
        require(order.volume().volume()).raise(hydrated);
    }

    private VolumeFile file(VolumeId volume) {
        VolumeFile file = volumes.find(volume);
        if (file == null) {
            throw new HostActionException(
                    "VOLUME_MISSING",
                    FailureKind.RETRY,
                    "the clone device of volume " + volume
                            + " needs the volume, which is in none of this host's pools");
        }
        return file;
    }

    @Override
    public void hydrate(VolumeId volume, HydrationOrder order) {
        require(volume).hydrate(order);
    }

    @Override
    public void verify(VolumeId volume) {
        require(volume).verify();
    }

    @Override
    public void drop(VolumeId volume) {
        PortableClone clone = clones.get(volume);
        if (clone != null) {
            clone.close();
        }
        directory.delete(volume);
        clones.remove(volume);
    }

    @Override
    public @Nullable BlockDevice find(VolumeId volume) {
        PortableClone clone = clones.get(volume);
        return clone == null ? null : clone.device();
    }

    /** Takes all clone devices down and keeps their metadata. */
    @Override
    public void close() {
        clones.values().forEach(PortableClone::close);
        clones.clear();
    }

    private PortableClone require(VolumeId volume) {
        PortableClone clone = clones.get(volume);
        if (clone == null) {
            throw new HostActionException(
                    "CLONE_MISSING", FailureKind.RETRY, "volume " + volume + " is not attached to a source");
        }
        return clone;
    }

    private static void requireSame(MigrationId wanted, MigrationId found, VolumeId volume) {
        if (!wanted.equals(found)) {
            throw new HostActionException(
                    "CLONE_OF_ANOTHER_MIGRATION",
                    FailureKind.OPERATOR,
                    "volume " + volume + " has a clone of migration " + found + " here, not of " + wanted
                            + ": that one must be discarded first");
        }
    }
}
