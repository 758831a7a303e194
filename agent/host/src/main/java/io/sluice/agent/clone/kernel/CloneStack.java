package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.clone.pace.HydrationPolicy;
import io.sluice.agent.clone.pace.RegionSize;
import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.devicemapper.CloneStatus;
import io.sluice.agent.devicemapper.CloneTable;
import io.sluice.agent.devicemapper.DeviceInfo;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.devicemapper.DeviceMapper.Access;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.devicemapper.EraTable;
import io.sluice.agent.devicemapper.LinearTable;
import io.sluice.agent.devicemapper.Status;
import io.sluice.agent.devicemapper.Table;
import io.sluice.agent.reconcile.CloneOrder;
import io.sluice.agent.reconcile.HostActionException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The devices of one clone: dm-clone, and dm-era on it. What is done here may be repeated. */
final class CloneStack {
    private static final Duration MODPROBE_LIMIT = Duration.ofSeconds(20);
    private static final Set<String> TARGETS = Set.of("clone", "era");

    private final KernelParts parts;
    private final CloneRecord record;
    private final DeviceName clone;
    private final DeviceName era;

    CloneStack(KernelParts parts, CloneRecord record) {
        this.parts = parts;
        this.record = record;
        this.clone = DeviceName.clone(record.volume());
        this.era = DeviceName.era(record.volume());
    }

    /** Refuses where the kernel lacks a target; such hosts are not planned to use it. */
    static void requireTargets(KernelParts parts) {
        CommandResult loaded =
                parts.commands().run(Command.capturing(MODPROBE_LIMIT, "modprobe", "-a", "dm-clone", "dm-era"));
        Set<String> targets = parts.mapper().targets();
        if (!targets.containsAll(TARGETS)) {
            throw new HostActionException(
                    "DM_CLONE_MISSING",
                    FailureKind.ABORT,
                    "this kernel does not offer dm-clone and dm-era (modprobe " + loaded.words() + "): install"
                            + " linux-modules-extra,"
                            + " or build dm-clone"
                            + " as deploy/kernel"
                            + " says; volumes are"
                            + " planned with the"
                            + " portable engine"
                            + " once the agent"
                            + " has registered"
                            + " without"
                            + " dm-clone");
        }
    }

    /** The region size for a volume that is to be cloned. */
    static int regionBytes(CloneOrder order, HydrationPolicy policy) {
        return RegionSize.choose(order.volume().sizeBytes(), policy.regionBytes());
    }

    /** Makes dm-clone with copying off. Its metadata are formatted if their head is zero, else opened. */
    void raiseClone() {
        Table found = parts.mapper().table(clone);
        if (found instanceof CloneTable) {
            if (isSuspended(clone)) {
                reopenFailed(); // the agent died while it did
            }
            return;
        }
        parts.mapper().create(clone, table(), Access.READ_WRITE);
    }

    /** Without dm-era in it once its record is given up. */
    void raiseEra() {
        Table found = parts.mapper().table(era);
        if (found instanceof EraTable || found instanceof LinearTable) {
            wakeEra();
            return;
        }
        Table recording = new EraTable(
                sectors(record.sizeBytes()),
                record.eraMetadata(),
                clone.path().toString(),
                sectors(record.regionBytes()));
        parts.mapper().create(era, record.writtenSetLostAt() == null ? recording : passing(), Access.READ_WRITE);
    }

    /**
     * Only giving up its record suspends it; when that was cut short, it is done now. Before its status is asked: a suspended dm-era
     * never answers (era_status waits for a worker that has stopped).
     */
    void wakeEra() {
        if (isSuspended(era)) {
            passByEra();
        }
    }

    private boolean isSuspended(DeviceName device) {
        DeviceInfo found = parts.mapper().find(device);
        return found != null && found.suspended();
    }

    private Table passing() {
        return LinearTable.over(clone.path().toString(), record.sizeBytes());
    }

    /**
     * The workload writes on, and nobody records what. A failed dm-era is never suspended for anything less: it commits its metadata
     * before it resumes, and one that cannot stays suspended (drivers/md/dm-era-target.c, era_preresume).
     */
    void passByEra() {
        parts.mapper().swap(era, passing(), Access.READ_WRITE, DeviceMapper.Suspend.KEEPING_BACK, () -> {});
    }

    /** Whether there is a device that a workload's disk can lie on. */
    boolean isOffered() {
        return parts.mapper().find(era) != null;
    }

    private CloneTable table() {
        return CloneTable.idle(
                record.sizeBytes(),
                record.metadata(),
                record.destination(),
                DeviceName.source(record.volume()).path().toString(),
                sectors(record.regionBytes()),
                new CloneTable.Hydration(1, 1));
    }

    private static long sectors(long bytes) {
        return bytes / Table.SECTOR_BYTES;
    }

    /** Null when there is no such device, or it has no table. */
    @Nullable
    Status cloneStatus() {
        return parts.mapper().status(clone);
    }

    /** What both devices say; null of one that is not there, or has no table. */
    record Seen(@Nullable Status ofClone, @Nullable Status ofEra) {}

    Seen look() {
        return new Seen(cloneStatus(), parts.mapper().status(era));
    }

    CloneStatus.Working requireWorking() {
        Status now = cloneStatus();
        if (now instanceof CloneStatus.Working working) {
            return working;
        }
        throw new HostActionException(
                now == null ? "CLONE_MISSING" : "CLONE_METADATA_FAILED",
                FailureKind.RETRY,
                "the clone device of volume " + record.volume() + (now == null ? " is not there" : " has failed")
                        + "; it is tried again: see dmsetup status " + clone);
    }

    /**
     * Opens the metadata of a failed clone again, under whatever is on it. The old instance writes nothing any more, and it is
     * suspended before the new one reads: so none of them sees the other's.
     */
    void reopenFailed() {
        parts.mapper().swap(clone, table(), Access.READ_WRITE, DeviceMapper.Suspend.KEEPING_BACK, () -> {});
    }

    /** Harmless when they are gone. */
    void remove() {
        parts.mapper().remove(era);
        parts.mapper().remove(clone);
    }
}
