package io.sluice.agent.volume.lvm;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.command.Commands;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.NewVolume;
import io.sluice.agent.reconcile.Standing;
import io.sluice.agent.reconcile.VolumeState;
import io.sluice.agent.volume.PoolGroup;
import io.sluice.agent.volume.PoolPlace;
import io.sluice.agent.volume.Pools;
import io.sluice.iscsi.block.AllocationMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
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
    private final ThinMaps maps;
    private final SeenPools seen;
    private final StandingChanges standings;
    private final Zeroings zeroings;
    private final Map<String, FailureReport> unreadable = new ConcurrentHashMap<>();

    LvmPools(List<PoolGroup> pools, Commands commands, DeviceMapper mapper, Blocks blocks, Path state, Executor later) {
        PendingStandings pending = new PendingStandings(state.resolve("standings"), blocks);
        this.pools = List.copyOf(pools);
        this.lvm = new Lvm(commands, blocks);
        this.seen = new SeenPools(pools, lvm, pending);
        this.standings = new StandingChanges(seen, lvm, blocks, pending, later);
        this.maps = new ThinMaps(mapper, commands, state);
        this.zeroings = new Zeroings(blocks);
    }

    /**
     * A group that is not there is told as a problem, and looked for again: its disks may be late.
     *
     * @param state directory of the agent's own
     * @param later when LVM is told what holds already
     */
    public static LvmPools open(List<PoolGroup> pools, Commands commands, Path state, Executor later) {
        LvmPools opened =
                new LvmPools(pools, commands, DeviceMapper.ofThisHost(commands), new LinuxBlocks(), state, later);
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
                standings.look(group);
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

    private void tidy(String group) {
        boolean done = false;
        for (PoolContent content : seen.contents()) {
            if (content.group().name().equals(group)) {
                for (Chore chore : chores(content)) {
                    log.info("volume group put in order command=\"{}\"", String.join(" ", chore.command()));
                    lvm.change(chore.command());
                    done = true;
                }
            }
        }
        if (done) {
            seen.look(group);
        }
    }

    private List<Chore> chores(PoolContent content) {
        List<Chore> chores = new ArrayList<>(content.chores());
        content.unfinished().stream()
                .filter(logical -> !zeroings.runs(logical.path()))
                .forEach(logical -> chores.add(new Chore.RemoveUnfinished(logical)));
        return chores;
    }

    @Override
    public Found observe() {
        List<VolumeState> volumes = new ArrayList<>();
        List<PoolReport> reports = new ArrayList<>();
        List<FailureReport> problems = new ArrayList<>(unreadable.values());
        List<PoolContent> contents = seen.contents();
        for (PoolContent content : contents) {
            content.copies().forEach(copy -> volumes.add(copy.state()));
            PoolReport report = content.report();
            if (report != null) {
                reports.add(report);
            }
            problems.addAll(content.problems());
        }
        problems.addAll(zeroings.progress());
        boolean allCopiesSeen =
                contents.size() == pools.size() && contents.stream().allMatch(PoolContent::allCopiesSeen);
        return new Found(volumes, reports, problems, allCopiesSeen);
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
                seen.relook(pool.group());
            }
        } finally {
            zeroings.end(path);
        }
    }

    /** One at a time, so that room is not given twice. Returns what is still to be zeroed; null when nothing is. */
    private synchronized @Nullable LogicalVolume make(PoolGroup pool, NewVolume wanted) {
        seen.relook(pool.group());
        tidyName(pool, wanted.volume());
        PoolContent content = seen.content(pool);
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
            seen.relook(pool.group());
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
        seen.relook(pool.group());
        LogicalVolume made = seen.content(pool).group().find(name);
        HostActionException unfit = made == null ? null : RoomCheck.sectors(wanted, made);
        if (unfit != null) {
            throw unfit;
        }
        return made;
    }

    /** Makes way for a newer copy where a crash came between retiring the older one and renaming it. */
    private void tidyName(PoolGroup pool, VolumeId volume) {
        for (Chore chore : seen.content(pool).chores()) {
            if (chore instanceof Chore.MoveAside aside && aside.volume().name().equals(volume.value())) {
                lvm.change(aside.command());
                seen.relook(pool.group());
            }
        }
    }

    private static String incoming(NewVolume wanted) {
        return Tags.write(new Tags.Known(Standing.incoming(wanted.migration(), wanted.epoch()), wanted.blockBytes()));
    }

    @Override
    public void change(VolumeId volume, Standing standing) {
        standings.change(volume, standing);
    }

    @Override
    public void delete(VolumeId volume, long epoch) {
        for (PoolContent content : seen.contents()) {
            for (LvmCopy copy : content.copies()) {
                if (copy.volume().equals(volume) && copy.standing().epoch() == epoch) {
                    copy.standing()
                            .requireDeletable("logical volume " + copy.logical().path());
                    remove(copy.logical());
                }
            }
        }
    }

    /** LVM is not asked to confirm, and would remove with a volume what is somebody else's and made of it. */
    private void remove(LogicalVolume logical) {
        seen.relook(logical.group());
        VolumeGroup now = seen.find(logical.group());
        LogicalVolume found = now == null ? null : now.find(logical.name());
        if (found != null && found.carriesOthers()) {
            throw new HostActionException(
                    "VOLUME_NOT_DELETABLE",
                    FailureKind.OPERATOR,
                    "logical volume " + logical.path()
                            + " is the origin of others, which LVM would remove with it: remove those"
                            + " first (lvs -o +origin " + logical.group() + "), or keep the copy");
        }
        try {
            lvm.change("lvremove", "--yes", logical.path());
        } catch (HostActionException e) {
            seen.relook(logical.group());
            VolumeGroup group = seen.find(logical.group());
            if (group != null && group.find(logical.name()) != null) {
                throw e;
            }
        }
        seen.note(logical, null);
    }

    @Override
    public @Nullable VolumeFile find(VolumeId volume) {
        LvmCopy copy = seen.current(volume);
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
        LogicalVolume thinPool = seen.content(copy.pool()).thinPool();
        return thinPool == null ? null : thinPool.thin();
    }

    /**
     * Known of thin volumes alone. A thin pool that does not zero what it gives out changes nothing here: what it has not given out
     * reads zero all the same. Plain volumes are read whole, whatever they are made of: striped, mirrored, cached or VDO volumes and
     * those with or of COW snapshots do not say which of their blocks read zero, and a block device answers SEEK_DATA with all of it.
     */
    @Override
    public @Nullable AllocationMap allocation(VolumeId volume) {
        LvmCopy copy = seen.current(volume);
        return copy == null ? null : maps.of(copy.logical());
    }

    @Override
    public @Nullable String volumeGroup(VolumeId volume) {
        LvmCopy copy = seen.current(volume);
        return copy == null ? null : copy.logical().group();
    }

    private static Path path(LogicalVolume logical) {
        return Path.of("/dev", logical.group(), logical.name());
    }
}
