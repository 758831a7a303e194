package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.MissingBytes.Range;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.clone.MissingRanges;
import io.sluice.agent.clone.pace.HydrationPolicy;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.disk.KernelDisks;
import io.sluice.agent.reconcile.CloneOrder;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.Clones;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.volume.VolumeFiles.VolumeFile;
import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The incoming volumes of this host that its kernel clones. What must be known is in a record, written before it is acted on:
 * each action finds what was done and does the rest, so nothing here needs recovery.
 */
public final class KernelClones implements Clones, KernelDisks.CloneDevices {
    private final KernelParts parts;
    private final CloneRecords records;
    private final Media media;
    private final HydrationPolicy policy;
    private final InstantSource clock;
    private final MetadataVolumes metadata;
    private final Map<VolumeId, KernelClone> clones = new ConcurrentHashMap<>();

    /** @param directory of the agent's own, for the records */
    public KernelClones(KernelParts parts, Path directory, HydrationPolicy policy) {
        this(parts, new CloneRecords(directory), new LinuxMedia(), policy, InstantSource.system());
    }

    KernelClones(KernelParts parts, CloneRecords records, Media media, HydrationPolicy policy, InstantSource clock) {
        this.parts = parts;
        this.records = records;
        this.media = media;
        this.policy = policy;
        this.clock = clock;
        this.metadata = new MetadataVolumes(parts.commands(), media);
    }

    /**
     * Where the bytes are that only a volume's source has, all of them; null when no clone of it is here. May be in use.
     *
     * @throws BlockDeviceException its metadata cannot be read
     */
    public static @Nullable List<Range> missing(Path directory, VolumeId volume) {
        CloneRecord record = new CloneRecords(directory).find(volume);
        if (record == null) {
            return null;
        }
        try (Media.Uncached metadata = new LinuxMedia().uncached(Path.of(record.metadata()))) {
            return MissingRanges.all(LocalRegions.read(metadata, record), record.sizeBytes(), record.regionBytes());
        }
    }

    /** What the last tick saw. A record without a clone is left from before a restart. */
    @Override
    public List<CloneState> observe() {
        List<CloneState> found = new ArrayList<>();
        clones.values().forEach(clone -> found.add(clone.state()));
        for (CloneRecord record : records.all()) {
            if (!clones.containsKey(record.volume())) {
                found.add(new CloneState(
                        record.migration(), record.volume(), IncomingStage.CREATED, null, null, null, null));
            }
        }
        return List.copyOf(found);
    }

    @Override
    public void attach(CloneOrder order) {
        VolumeId volume = order.volume().volume();
        CloneRecord record = records.find(volume);
        if (record != null) {
            requireSame(order.migration(), record);
        }
        if (clones.containsKey(volume)) {
            return;
        }
        CloneStack.requireTargets(parts);
        // Before that no workload can have been started on it: its source is met as if it were the first time.
        boolean mayHaveBeenUp = record != null && record.holes() != null;
        if (record == null) {
            record = recordOf(order);
            records.write(record);
        }
        metadata.ensure(record);
        if (!record.zeroed()) {
            metadata.zero(record);
            record = record.whenZeroed();
            records.write(record);
        }
        KernelClone clone = new KernelClone(parts, media, records, order, record, policy);
        if (mayHaveBeenUp) {
            parts.attachments().attachLater(order);
        } else {
            parts.attachments().attach(order);
            clone.meetSource();
        }
        clones.put(volume, clone);
    }

    private CloneRecord recordOf(CloneOrder order) {
        VolumeId volume = order.volume().volume();
        VolumeFile file = parts.volumes().find(volume);
        String group = parts.groups().groupOf(volume);
        if (file == null || group == null) {
            throw new HostActionException(
                    file == null ? "VOLUME_MISSING" : "VOLUME_NOT_LOGICAL",
                    file == null ? FailureKind.RETRY : FailureKind.ABORT,
                    "volume " + volume + " is to be cloned by the kernel, "
                            + (file == null
                                    ? "but is in none of this host's pools"
                                    : "for which it must lie in an LVM pool; " + file.path() + " does not"));
        }
        return new CloneRecord(
                order.migration(),
                order.epoch(),
                volume,
                order.volume().sizeBytes(),
                order.volume().blockBytes(),
                CloneStack.regionBytes(order, policy),
                group,
                file.path().toString(),
                false,
                null,
                null,
                null);
    }

    @Override
    public void raise(CloneOrder order) {
        require(order.volume().volume()).raise();
    }

    @Override
    public void hydrate(VolumeId volume, HydrationOrder order) {
        require(volume).hydrate(order, clock.instant());
    }

    @Override
    public void verify(VolumeId volume) {
        require(volume).verify();
    }

    /** Devices, session, metadata, and last the record: until then it is dropped again. */
    @Override
    public void drop(VolumeId volume) {
        CloneRecord record = records.find(volume);
        KernelClone clone = clones.get(volume);
        if (record != null) {
            // Whoever still reads through the clone, a scanner perhaps, gets an error now and lets go of it.
            giveUpWaiting(DeviceName.source(volume));
        }
        if (clone != null) {
            clone.takeDown();
        } else if (record != null) {
            new CloneStack(parts, record).remove();
        }
        if (record != null) {
            parts.attachments().detach(volume);
            metadata.remove(record);
            records.remove(volume);
        }
        clones.remove(volume);
    }

    private void giveUpWaiting(DeviceName source) {
        if (parts.mapper().find(source) != null) {
            parts.mapper().message(source, "fail_if_no_path");
        }
    }

    /** Whether the volume's clone, if it has one, is this engine's. */
    public boolean holds(VolumeId volume) {
        return clones.containsKey(volume) || records.find(volume) != null;
    }

    @Override
    public @Nullable Path device(VolumeId volume) {
        KernelClone clone = clones.get(volume);
        return clone != null && clone.state().up() ? DeviceName.era(volume).path() : null;
    }

    @Override
    public void requireComplete(VolumeId volume) {
        require(volume).requireComplete();
    }

    Set<VolumeId> volumes() {
        return Set.copyOf(clones.keySet());
    }

    /** Looks at one clone and has its pace decided; whether it has become whole or got into trouble. */
    boolean look(VolumeId volume) {
        KernelClone clone = clones.get(volume);
        return clone != null && clone.tick(clock.instant());
    }

    /** Keeps one clone to its ceiling; returns when that is due again, null where it has none or is not being copied. */
    @Nullable
    Duration keepCeiling(VolumeId volume) {
        KernelClone clone = clones.get(volume);
        return clone == null ? null : clone.keepCeiling(clock.instant());
    }

    /** Whether the volume is being copied. */
    boolean isHydrating(VolumeId volume) {
        KernelClone clone = clones.get(volume);
        CloneState state = clone == null ? null : clone.state();
        return state != null && state.up() && state.order() != null && !state.complete();
    }

    private KernelClone require(VolumeId volume) {
        KernelClone clone = clones.get(volume);
        if (clone == null) {
            throw new HostActionException(
                    "CLONE_MISSING", FailureKind.RETRY, "volume " + volume + " is not attached to a source");
        }
        return clone;
    }

    private static void requireSame(MigrationId wanted, CloneRecord found) {
        if (!found.migration().equals(wanted)) {
            throw new HostActionException(
                    "CLONE_OF_ANOTHER_MIGRATION",
                    FailureKind.OPERATOR,
                    "volume " + found.volume() + " is still being cloned for migration " + found.migration()
                            + " and cannot be for " + wanted + ": discard that one first");
        }
    }
}
