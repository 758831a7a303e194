package io.sluice.agent.volume.lvm;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.command.Commands;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.NewVolume;
import io.sluice.agent.reconcile.Standing;
import io.sluice.agent.reconcile.VolumeState;
import io.sluice.agent.volume.PoolGroup;
import io.sluice.agent.volume.PoolPlace;
import io.sluice.agent.volume.Pools;
import io.sluice.iscsi.block.AllocationMap;
import io.sluice.iscsi.block.BlockDeviceException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pools of this host that lie in LVM volume groups. What they hold is read by {@link #refresh()} and kept; an action's own
 * change is noted in what is kept, so that {@link #observe()} runs nothing. Actions on one volume come one after another, those
 * on several may come at once.
 */
public final class LvmPools implements Pools {
    private static final Logger log = LoggerFactory.getLogger(LvmPools.class);

    private final List<PoolGroup> pools;
    private final Lvm lvm;
    private final Blocks blocks;
    private final ThinMaps maps;
    private final SeenGroups seen = new SeenGroups();
    private final Zeroings zeroings;
    private final Map<String, FailureReport> unreadable = new ConcurrentHashMap<>();

    LvmPools(List<PoolGroup> pools, Commands commands, Blocks blocks, Path scratch) {
        this.pools = List.copyOf(pools);
        this.lvm = new Lvm(commands, blocks);
        this.blocks = blocks;
        this.maps = new ThinMaps(commands, scratch);
        this.zeroings = new Zeroings(blocks);
    }

    /**
     * A group that is not there is told as a problem, and looked for again: its disks may be late.
     *
     * @param scratch directory for passing files
     */
    public static LvmPools open(List<PoolGroup> pools, Commands commands, Path scratch) {
        LvmPools opened = new LvmPools(pools, commands, new LinuxBlocks(), scratch);
        opened.refresh();
        return opened;
    }

    @Override
    public boolean has(PoolName pool) {
        return pools.stream().anyMatch(known -> known.name().equals(pool));
    }

    /** Looks at the groups again and puts in order what a crash or a reboot has left. */
    @Override
    public void refresh() {
        Set<String> groups = pools.stream().map(PoolGroup::group).collect(Collectors.toSet());
        for (String group : groups) {
            try {
                look(group);
                tidy(group);
                unreadable.remove(group);
            } catch (HostActionException e) {
                log.warn("volume group not refreshed group={} message=\"{}\"", group, e.getMessage());
                unreadable.put(
                        group,
                        new FailureReport(null, e.code(), String.valueOf(e.getMessage()), FailureKind.OPERATOR, 0, 1));
            }
        }
    }

    private void look(String group) {
        long before = seen.changes();
        seen.saw(lvm.look(group), before);
    }

    private void tidy(String group) {
        boolean done = false;
        for (PoolContent content : contents()) {
            if (content.group().name().equals(group)) {
                for (Chore chore : chores(content)) {
                    log.info("volume group put in order command=\"{}\"", String.join(" ", chore.command()));
                    lvm.change(chore.command());
                    done = true;
                }
            }
        }
        if (done) {
            look(group);
        }
    }

    private List<Chore> chores(PoolContent content) {
        List<Chore> chores = new ArrayList<>(content.chores());
        content.unfinished().stream()
                .filter(logical -> !zeroings.runs(logical.path()))
                .forEach(logical -> chores.add(new Chore.RemoveUnfinished(logical)));
        return chores;
    }

    private List<PoolContent> contents() {
        List<PoolContent> contents = new ArrayList<>();
        for (PoolGroup pool : pools) {
            VolumeGroup group = seen.find(pool.group());
            if (group != null) {
                contents.add(PoolContent.of(pool, group));
            }
        }
        return contents;
    }

    @Override
    public Found observe() {
        List<VolumeState> volumes = new ArrayList<>();
        List<PoolReport> reports = new ArrayList<>();
        List<FailureReport> problems = new ArrayList<>(unreadable.values());
        for (PoolContent content : contents()) {
            content.copies().forEach(copy -> volumes.add(copy.state()));
            PoolReport report = content.report();
            if (report != null) {
                reports.add(report);
            }
            problems.addAll(content.problems());
        }
        problems.addAll(zeroings.progress());
        return new Found(volumes, reports, problems);
    }

    /**
     * A thin volume is there in one command, its standing with it. A plain one is first zeroed under the tag
     * {@link Tags#UNFINISHED}; an interrupted one is zeroed from its beginning again.
     */
    @Override
    public void create(NewVolume wanted) {
        PoolGroup pool = PoolPlace.named(wanted.pool(), pools);
        String path = pool.group() + "/" + wanted.volume();
        zeroings.begin(path);
        try {
            LogicalVolume unfinished = make(pool, wanted);
            if (unfinished != null) {
                zeroings.run(wanted, unfinished, path(unfinished));
                lvm.change("lvchange", "--deltag", Tags.UNFINISHED, "--addtag", incoming(wanted), path);
                relook(pool.group());
            }
        } finally {
            zeroings.end(path);
        }
    }

    /** One at a time, so that room is not given twice. Returns what is still to be zeroed; null when nothing is. */
    private synchronized @Nullable LogicalVolume make(PoolGroup pool, NewVolume wanted) {
        relook(pool.group());
        tidyName(pool, wanted.volume());
        PoolContent content = content(pool);
        if (content.current(wanted.volume()) != null) {
            return null;
        }
        for (LogicalVolume unfinished : content.unfinished()) {
            if (unfinished.name().equals(wanted.volume().value()) && unfinished.sizeBytes() == wanted.sizeBytes()) {
                return unfinished;
            }
        }
        HostActionException refusal = RoomCheck.refusal(wanted, content);
        if (refusal != null) {
            throw refusal;
        }
        String name = wanted.volume().value();
        String size = wanted.sizeBytes() + "b";
        if (pool.thinPool() != null) {
            lvm.change(
                    "lvcreate",
                    "--yes",
                    "--wipesignatures",
                    "n",
                    "--name",
                    name,
                    "--virtualsize",
                    size,
                    "--thinpool",
                    pool.thinPool(),
                    "--addtag",
                    Tags.VOLUME,
                    "--addtag",
                    incoming(wanted),
                    pool.group());
            relook(pool.group());
            return null;
        }
        lvm.change(
                "lvcreate",
                "--yes",
                "--wipesignatures",
                "n",
                "--zero",
                "n",
                "--name",
                name,
                "--size",
                size,
                "--addtag",
                Tags.VOLUME,
                "--addtag",
                Tags.UNFINISHED,
                pool.group());
        relook(pool.group());
        LogicalVolume made = content(pool).group().find(name);
        HostActionException unfit = made == null ? null : RoomCheck.sectors(wanted, made);
        if (unfit != null) {
            throw unfit;
        }
        return made;
    }

    /** Makes way for a newer copy where a crash came between retiring the older one and renaming it. */
    private void tidyName(PoolGroup pool, VolumeId volume) {
        for (Chore chore : content(pool).chores()) {
            if (chore instanceof Chore.MoveAside aside && aside.volume().name().equals(volume.value())) {
                lvm.change(aside.command());
                relook(pool.group());
            }
        }
    }

    private static String incoming(NewVolume wanted) {
        return Tags.write(new Tags.Known(Standing.incoming(wanted.migration(), wanted.epoch()), wanted.blockBytes()));
    }

    private PoolContent content(PoolGroup pool) {
        VolumeGroup group = seen.find(pool.group());
        if (group == null) {
            throw new HostActionException(
                    "POOL_UNREADABLE",
                    FailureKind.RETRY,
                    "volume group " + pool.group() + " of pool " + pool.name() + " is not there: see its disks");
        }
        return PoolContent.of(pool, group);
    }

    /** What an action of ours has changed is in what is kept when this returns. */
    private void relook(String group) {
        seen.changed();
        seen.replace(lvm.look(group));
    }

    /** One commit of the group's metadata changes tags and read-only flag; retiring then renames, or the next look does. */
    @Override
    public void change(VolumeId volume, Standing standing) {
        LvmCopy copy = current(volume);
        if (copy == null) {
            throw new HostActionException(
                    "VOLUME_MISSING",
                    FailureKind.RETRY,
                    "volume " + volume + " is in no pool of this host, so it cannot become " + standing.role());
        }
        if (standing.role() == VolumeRole.FROZEN) {
            flush(copy);
        }
        LogicalVolume changed = apply(copy, standing);
        if (standing.role() == VolumeRole.RETIRED) {
            lvm.change(new Chore.MoveAside(changed, LvmCopy.asideName(volume, standing.epoch())).command());
            seen.note(changed, changed.named(LvmCopy.asideName(volume, standing.epoch())));
        }
    }

    /** What is kept may be behind what an action that ended badly has done: then it is looked at, and tried once more. */
    private LogicalVolume apply(LvmCopy copy, Standing standing) {
        try {
            return applyOnce(copy, standing);
        } catch (HostActionException e) {
            relook(copy.logical().group());
            LvmCopy again = current(copy.volume());
            if (again == null || again.logical().equals(copy.logical())) {
                throw e;
            }
            return applyOnce(again, standing);
        }
    }

    private LogicalVolume applyOnce(LvmCopy copy, Standing standing) {
        LogicalVolume wanted = copy.as(standing);
        List<String> command = LvmCopy.change(copy.logical(), wanted);
        if (command != null) {
            lvm.change(command);
            seen.note(copy.logical(), wanted);
        }
        return wanted;
    }

    private void flush(LvmCopy copy) {
        try {
            blocks.flush(path(copy.logical()));
        } catch (BlockDeviceException e) {
            throw new HostActionException(
                    "VOLUME_CHANGE_FAILED",
                    FailureKind.RETRY,
                    "volume " + copy.volume() + " cannot be flushed (" + e.getMessage() + "): check the medium",
                    e);
        }
    }

    @Override
    public void delete(VolumeId volume, long epoch) {
        for (PoolContent content : contents()) {
            for (LvmCopy copy : content.copies()) {
                if (copy.volume().equals(volume) && copy.standing().epoch() == epoch) {
                    deletable(copy);
                    remove(copy.logical());
                }
            }
        }
    }

    private static void deletable(LvmCopy copy) {
        switch (copy.standing().role()) {
            case INCOMING, RETIRED -> {}
            case OWNED, FROZEN ->
                throw new HostActionException(
                        "VOLUME_NOT_DELETABLE",
                        FailureKind.OPERATOR,
                        "logical volume " + copy.logical().path() + " is "
                                + copy.standing().role() + " and is not deleted by the agent");
        }
    }

    private void remove(LogicalVolume logical) {
        try {
            lvm.change("lvremove", "--yes", logical.path());
        } catch (HostActionException e) {
            relook(logical.group());
            VolumeGroup group = seen.find(logical.group());
            if (group != null && group.find(logical.name()) != null) {
                throw e;
            }
        }
        seen.note(logical, null);
    }

    @Override
    public @Nullable VolumeFile find(VolumeId volume) {
        LvmCopy copy = current(volume);
        if (copy == null) {
            return null;
        }
        boolean writable = switch (copy.standing().role()) {
            case OWNED, INCOMING -> true;
            case FROZEN, RETIRED -> false;
        };
        return new VolumeFile(
                path(copy.logical()), copy.logical().sizeBytes(), copy.blockBytes(), writable, chunkBytes(copy));
    }

    private int chunkBytes(LvmCopy copy) {
        LogicalVolume.Thin pool = thinPoolOf(copy);
        return pool == null || !pool.zeroing() ? 0 : pool.chunkBytes();
    }

    private LogicalVolume.@Nullable Thin thinPoolOf(LvmCopy copy) {
        LogicalVolume thinPool = content(copy.pool()).thinPool();
        return thinPool == null ? null : thinPool.thin();
    }

    @Override
    public @Nullable AllocationMap allocation(VolumeId volume) {
        LvmCopy copy = current(volume);
        LogicalVolume.Thin thin = copy == null ? null : copy.logical().thin();
        return copy == null || thin == null || thin.pool() == null || thin.id() == null
                ? null
                : maps.of(copy.logical().group(), thin.pool(), thin.id());
    }

    @Override
    public @Nullable String volumeGroup(VolumeId volume) {
        LvmCopy copy = current(volume);
        return copy == null ? null : copy.logical().group();
    }

    private static Path path(LogicalVolume logical) {
        return Path.of("/dev", logical.group(), logical.name());
    }

    private @Nullable LvmCopy current(VolumeId volume) {
        for (PoolContent content : contents()) {
            LvmCopy copy = content.current(volume);
            if (copy != null) {
                return copy;
            }
        }
        return null;
    }
}
