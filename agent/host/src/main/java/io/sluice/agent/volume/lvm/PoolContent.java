package io.sluice.agent.volume.lvm;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.reconcile.Standing;
import io.sluice.agent.volume.PoolGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one pool holds, read from what LVM reports of its group. Pure.
 *
 * @param unfinished volumes that are being zeroed, by whoever
 * @param chores what a crash or a reboot has left to do, unfinished volumes apart
 * @param thinPool null for a pool of plain volumes, and where it is not there
 */
record PoolContent(
        PoolGroup pool,
        VolumeGroup group,
        @Nullable LogicalVolume thinPool,
        List<LvmCopy> copies,
        List<LogicalVolume> unfinished,
        List<Chore> chores,
        List<FailureReport> problems) {

    private static final String POOL_MISSING = "POOL_MISSING";
    private static final String STANDING_UNREADABLE = "STANDING_UNREADABLE";

    static PoolContent of(PoolGroup pool, VolumeGroup group) {
        String wanted = pool.thinPool();
        LogicalVolume found = wanted == null ? null : group.find(wanted);
        LogicalVolume thinPool = found != null && found.isThinPool() ? found : null;
        PoolContent content = new PoolContent(
                pool, group, thinPool, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        if (wanted != null && thinPool == null) {
            content.problem(
                    POOL_MISSING,
                    "volume group " + group.name() + " has no thin pool " + wanted
                            + ": make it (lvcreate --type thin-pool), or correct the pool's thinPool");
        } else {
            group.volumes().forEach(content::take);
            content.judgeFill();
        }
        return content;
    }

    private void take(LogicalVolume logical) {
        boolean here = !logical.isThinPool() && Objects.equals(logical.thinPool(), pool.thinPool());
        if (!here || !Tags.ofVolume(logical)) {
            return;
        }
        if (logical.tags().contains(Tags.UNFINISHED)) {
            unfinished.add(logical);
            return;
        }
        if (logical.isCowSnapshot()) {
            problem(
                    "VOLUME_IS_SNAPSHOT",
                    "logical volume " + logical.path()
                            + " is not used: it is a COW snapshot, and its device is as large as its"
                            + " origin, not " + logical.sizeBytes()
                            + " bytes: copy it into a volume of its own, and take the"
                            + " tag off (lvchange --deltag " + Tags.VOLUME + ")");
            return;
        }
        int aside = logical.name().indexOf('+');
        try {
            VolumeId volume =
                    new VolumeId(aside < 0 ? logical.name() : logical.name().substring(0, aside));
            Tags.Known known = known(logical, aside >= 0);
            if (known != null) {
                LvmCopy copy = new LvmCopy(pool, logical, volume, known.standing(), known.blockBytes());
                copies.add(copy);
                tidy(copy, aside >= 0);
            }
        } catch (IllegalArgumentException e) {
            problem(
                    STANDING_UNREADABLE,
                    "logical volume " + logical.path() + " is not used: " + e.getMessage()
                            + ": rename it, or set its tags right (lvs -o +lv_tags)");
        }
    }

    private Tags.@Nullable Known known(LogicalVolume logical, boolean aside) {
        Tags.Known known = Tags.read(logical.tags());
        if (known != null) {
            return known;
        }
        if (aside) {
            throw new IllegalArgumentException("it is named like a retired copy but is none");
        }
        if (logical.sectorBytes() == null) {
            chores.add(new Chore.Activate(logical));
            return null;
        }
        return new Tags.Known(Standing.DISCOVERED, logical.sectorBytes());
    }

    private void tidy(LvmCopy copy, boolean aside) {
        if (copy.retired() && !aside) {
            chores.add(new Chore.MoveAside(
                    copy.logical(),
                    LvmCopy.asideName(copy.volume(), copy.standing().epoch())));
        } else if (!copy.retired() && !copy.logical().active()) {
            chores.add(new Chore.Activate(copy.logical()));
        }
    }

    private void judgeFill() {
        if (thinPool != null && RoomCheck.overFull(thinPool)) {
            problem(
                    "POOL_OVERFULL",
                    "thin pool " + thinPool.path() + " is " + RoomCheck.fill(thinPool)
                            + ": extend it (lvextend) before its volumes stop taking writes");
        }
    }

    private void problem(String code, String message) {
        problems.add(new FailureReport(null, code, message, FailureKind.OPERATOR, 0, 1));
    }

    /** As {@link io.sluice.agent.reconcile.Volumes.Found} has it. */
    boolean allCopiesSeen() {
        return problems.stream()
                .map(FailureReport::code)
                .noneMatch(code -> code.equals(POOL_MISSING) || code.equals(STANDING_UNREADABLE));
    }

    /** The copy that is not retired; null when there is none. */
    @Nullable
    LvmCopy current(VolumeId volume) {
        for (LvmCopy copy : copies) {
            if (copy.volume().equals(volume) && copy.standing().role() != VolumeRole.RETIRED) {
                return copy;
            }
        }
        return null;
    }

    /** Null when the thin pool is not there: then there is nothing to tell. */
    @Nullable
    PoolReport report() {
        if (pool.thinPool() == null) {
            return new PoolReport(
                    pool.name(),
                    pool.kind(),
                    group.sizeBytes(),
                    group.sizeBytes() - group.freeBytes(),
                    group.freeBytes(),
                    group.extentBytes());
        }
        return thinPool == null
                ? null
                : new PoolReport(
                        pool.name(), pool.kind(), capacity(thinPool), committed(), free(thinPool), group.extentBytes());
    }

    /** What the exact sizes of all volumes may add up to. */
    long capacity(LogicalVolume from) {
        Long ceiling = pool.ceilingBytes();
        return ceiling == null ? from.sizeBytes() : ceiling;
    }

    /** Exact sizes of all thin volumes of the thin pool, strangers' too. */
    long committed() {
        return group.volumes().stream()
                .filter(logical -> Objects.equals(logical.thinPool(), pool.thinPool()) && !logical.isThinPool())
                .mapToLong(LogicalVolume::sizeBytes)
                .sum();
    }

    private static long free(LogicalVolume thinPool) {
        LogicalVolume.Thin thin = thinPool.thin();
        Double taken = thin == null ? null : thin.dataPercent();
        // A pool that is not active gives out nothing.
        return taken == null ? 0 : Math.round(thinPool.sizeBytes() / 100.0 * (100 - taken));
    }
}
