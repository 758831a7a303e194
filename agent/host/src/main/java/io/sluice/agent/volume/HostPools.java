package io.sluice.agent.volume;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.NewVolume;
import io.sluice.agent.reconcile.Standing;
import io.sluice.agent.reconcile.VolumeState;
import io.sluice.iscsi.block.AllocationMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All pools of this host, whatever their kinds: what is asked of a volume or a pool goes to where it lies. */
public final class HostPools implements Pools {
    private final List<Pools> kinds;

    public HostPools(List<Pools> kinds) {
        this.kinds = List.copyOf(kinds);
    }

    @Override
    public boolean has(PoolName pool) {
        return kinds.stream().anyMatch(kind -> kind.has(pool));
    }

    @Override
    public void refresh() {
        kinds.forEach(Pools::refresh);
    }

    @Override
    public Found observe() {
        List<VolumeState> volumes = new ArrayList<>();
        List<PoolReport> pools = new ArrayList<>();
        List<FailureReport> problems = new ArrayList<>();
        boolean allCopiesSeen = true;
        for (Pools kind : kinds) {
            Found found = kind.observe();
            volumes.addAll(found.volumes());
            pools.addAll(found.pools());
            problems.addAll(found.problems());
            allCopiesSeen &= found.allCopiesSeen();
        }
        problems.addAll(duplicates(volumes));
        return new Found(volumes, pools, problems, allCopiesSeen);
    }

    private static List<FailureReport> duplicates(List<VolumeState> volumes) {
        List<FailureReport> found = new ArrayList<>();
        Map<VolumeId, PoolName> places = new HashMap<>();
        for (VolumeState copy : volumes) {
            PoolName other = copy.role() == VolumeRole.RETIRED ? null : places.putIfAbsent(copy.volume(), copy.pool());
            if (other != null) {
                found.add(new FailureReport(
                        null,
                        "VOLUME_IN_TWO_POOLS",
                        "volume " + copy.volume() + " lies in pool " + other + " and in " + copy.pool()
                                + ": move one of the two away",
                        FailureKind.OPERATOR,
                        0,
                        1));
            }
        }
        return found;
    }

    @Override
    public void create(NewVolume volume) {
        if (find(volume.volume()) != null) {
            return;
        }
        for (Pools kind : kinds) {
            if (kind.has(volume.pool())) {
                kind.create(volume);
                return;
            }
        }
        throw new HostActionException(
                "POOL_UNKNOWN",
                FailureKind.ABORT,
                "this host has no pool " + volume.pool()
                        + ": add it to the agent's configuration, or choose another host");
    }

    @Override
    public void change(VolumeId volume, Standing standing) {
        Pools holder = holderOf(volume);
        if (holder == null) {
            throw new HostActionException(
                    "VOLUME_MISSING",
                    FailureKind.RETRY,
                    "volume " + volume + " is in no pool of this host, so it cannot become " + standing.role());
        }
        holder.change(volume, standing);
    }

    @Override
    public void delete(VolumeId volume, long epoch) {
        kinds.forEach(kind -> kind.delete(volume, epoch));
    }

    @Override
    public @Nullable VolumeFile find(VolumeId volume) {
        Pools holder = holderOf(volume);
        return holder == null ? null : holder.find(volume);
    }

    @Override
    public @Nullable AllocationMap allocation(VolumeId volume) {
        Pools holder = holderOf(volume);
        return holder == null ? null : holder.allocation(volume);
    }

    @Override
    public @Nullable String volumeGroup(VolumeId volume) {
        Pools holder = holderOf(volume);
        return holder == null ? null : holder.volumeGroup(volume);
    }

    private @Nullable Pools holderOf(VolumeId volume) {
        for (Pools kind : kinds) {
            if (kind.find(volume) != null) {
                return kind;
            }
        }
        return null;
    }
}
