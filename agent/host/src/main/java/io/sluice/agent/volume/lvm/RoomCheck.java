package io.sluice.agent.volume.lvm;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.NewVolume;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Whether a pool can take a new volume: of exactly that size, known to read zero, and with room for it. Pure. */
final class RoomCheck {
    /** A thin pool that runs out stops every volume in it: the last part is for those that are there already. */
    private static final double MOST_DATA_PERCENT = 95;

    /** Metadata cannot be given back by deleting data alone, and a pool without any goes read-only. */
    private static final double MOST_METADATA_PERCENT = 90;

    private RoomCheck() {}

    static boolean overFull(LogicalVolume thinPool) {
        LogicalVolume.Thin thin = thinPool.thin();
        return thin != null
                && (above(thin.dataPercent(), MOST_DATA_PERCENT)
                        || above(thin.metadataPercent(), MOST_METADATA_PERCENT));
    }

    private static boolean above(@Nullable Double percent, double most) {
        return percent != null && percent >= most;
    }

    static String fill(LogicalVolume thinPool) {
        LogicalVolume.Thin thin = thinPool.thin();
        return thin == null
                ? "no thin pool"
                : String.format(
                        Locale.ROOT,
                        "filled to %s %% (metadata %s %%)",
                        thin.dataPercent() == null ? "an unknown part of 100" : thin.dataPercent(),
                        thin.metadataPercent() == null ? "an unknown part of 100" : thin.metadataPercent());
    }

    /** Null when it can. */
    static @Nullable HostActionException refusal(NewVolume wanted, PoolContent content) {
        String name = wanted.volume().value();
        if (name.startsWith("snapshot") || name.startsWith("pvmove")) {
            return refusal(
                    "VOLUME_NAME_RESERVED",
                    FailureKind.ABORT,
                    "LVM keeps names that begin with snapshot or pvmove to itself, so no volume " + name
                            + " can be made: choose a host with a directory pool");
        }
        long extent = content.group().extentBytes();
        if (wanted.sizeBytes() % extent != 0) {
            return refusal(
                    "VOLUME_SIZE_INEXACT",
                    FailureKind.ABORT,
                    "volume " + name + " has " + wanted.sizeBytes() + " bytes, no multiple of the " + extent
                            + " bytes of an extent of group " + content.group().name()
                            + ": choose a directory pool, or a group with smaller extents (vgchange --physicalextentsize)");
        }
        LogicalVolume taken = content.group().find(name);
        if (taken != null) {
            return refusal(
                    "VOLUME_EXISTS",
                    FailureKind.OPERATOR,
                    "logical volume " + taken.path() + " is there but is no volume in use: rename it");
        }
        return content.pool().thinPool() == null ? plain(wanted, content) : thin(wanted, content);
    }

    private static @Nullable HostActionException plain(NewVolume wanted, PoolContent content) {
        long room = content.group().freeBytes();
        return room >= wanted.sizeBytes() ? null : full(wanted, content, room);
    }

    private static @Nullable HostActionException thin(NewVolume wanted, PoolContent content) {
        LogicalVolume thinPool = content.thinPool();
        if (thinPool == null || thinPool.thin() == null) {
            return refusal(
                    "POOL_MISSING",
                    FailureKind.OPERATOR,
                    "pool " + content.pool().name()
                            + " has no thin pool: make it, or correct the agent's configuration");
        }
        if (!thinPool.thin().zeroing()) {
            return refusal(
                    "POOL_NOT_ZEROING",
                    FailureKind.OPERATOR,
                    "thin pool " + thinPool.path() + " gives out chunks with their old content, so that a new volume"
                            + " would not read zero: lvchange --zero y " + thinPool.path());
        }
        HostActionException unfit = sectors(wanted, thinPool);
        if (unfit != null) {
            return unfit;
        }
        if (overFull(thinPool)) {
            return refusal(
                    "POOL_FULL",
                    FailureKind.CAPACITY,
                    "thin pool " + thinPool.path() + " is " + fill(thinPool)
                            + " and takes no more volumes: extend it, or choose another host");
        }
        long room = content.capacity(thinPool) - content.committed();
        return room >= wanted.sizeBytes() ? null : full(wanted, content, room);
    }

    /** A device whose sectors are larger than the volume's blocks cannot serve them; null when it can. */
    static @Nullable HostActionException sectors(NewVolume wanted, LogicalVolume device) {
        Integer sectors = device.sectorBytes();
        return sectors == null || sectors <= wanted.blockBytes()
                ? null
                : refusal(
                        "BLOCK_SIZE_UNSUPPORTED",
                        FailureKind.ABORT,
                        "the disks of group " + device.group() + " have sectors of " + sectors + " bytes, volume "
                                + wanted.volume() + " has blocks of " + wanted.blockBytes()
                                + ": choose another host");
    }

    private static HostActionException full(NewVolume wanted, PoolContent content, long room) {
        return refusal(
                "POOL_FULL",
                FailureKind.CAPACITY,
                "pool " + content.pool().name() + " has room for " + room + " bytes, volume " + wanted.volume()
                        + " needs " + wanted.sizeBytes()
                        + ": make room, extend it, or choose another host");
    }

    private static HostActionException refusal(String code, FailureKind kind, String message) {
        return new HostActionException(code, kind, message);
    }
}
