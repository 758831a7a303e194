package io.sluice.agent.testing;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.NewVolume;
import io.sluice.agent.reconcile.Standing;
import io.sluice.agent.reconcile.VolumeState;
import io.sluice.agent.reconcile.Volumes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Pools in memory; all of it is durable. */
final class FakeVolumes implements Volumes {
    private final Map<PoolName, Long> capacities = new LinkedHashMap<>();
    private final Map<PoolName, Long> foreign = new LinkedHashMap<>();
    private final List<FakeVolume> all = new CopyOnWriteArrayList<>();
    private volatile boolean retiredUnreadable;

    void addPool(PoolName pool, long capacityBytes) {
        capacities.put(pool, capacityBytes);
    }

    /** What else fills the medium under the pool. */
    void fill(PoolName pool, long bytes) {
        foreign.put(pool, bytes);
    }

    /** Where retired copies lie cannot be read, or can again. */
    void hideRetired(boolean hidden) {
        retiredUnreadable = hidden;
    }

    void wipe() {
        all.clear();
    }

    void add(FakeVolume volume) {
        all.add(volume);
    }

    @Nullable
    FakeVolume current(VolumeId volume) {
        for (FakeVolume each : all) {
            if (each.volume().equals(volume) && each.standing().role() != VolumeRole.RETIRED) {
                return each;
            }
        }
        return null;
    }

    FakeVolume require(VolumeId volume) {
        FakeVolume found = current(volume);
        if (found == null) {
            throw new HostActionException("VOLUME_MISSING", FailureKind.RETRY, "volume " + volume + " is not here");
        }
        return found;
    }

    @Override
    public Found observe() {
        List<PoolReport> pools = capacities.entrySet().stream()
                .map(pool -> new PoolReport(
                        pool.getKey(), "directory", pool.getValue(), committed(pool.getKey()), room(pool.getKey())))
                .toList();
        List<VolumeState> seen = all.stream()
                .filter(volume -> !retiredUnreadable || volume.standing().role() != VolumeRole.RETIRED)
                .map(FakeVolume::state)
                .toList();
        return new Found(seen, pools, List.of(), !retiredUnreadable);
    }

    /** Every copy, whether an agent can read it or not. */
    List<VolumeState> copies() {
        return all.stream().map(FakeVolume::state).toList();
    }

    private long room(PoolName pool) {
        return Math.max(0, capacities.getOrDefault(pool, 0L) - committed(pool) - foreign.getOrDefault(pool, 0L));
    }

    private long committed(PoolName pool) {
        return all.stream()
                .filter(volume -> volume.pool().equals(pool))
                .mapToLong(FakeVolume::sizeBytes)
                .sum();
    }

    @Override
    public void create(NewVolume wanted) {
        if (current(wanted.volume()) != null) {
            return;
        }
        long room = room(wanted.pool());
        if (room < wanted.sizeBytes()) {
            throw new HostActionException(
                    "POOL_FULL", FailureKind.CAPACITY, "pool " + wanted.pool() + " has " + room + " bytes left");
        }
        all.add(new FakeVolume(
                wanted.volume(),
                wanted.pool(),
                (int) (wanted.sizeBytes() / FakeVolume.BLOCK_BYTES),
                Standing.incoming(wanted.migration(), wanted.epoch())));
    }

    @Override
    public void change(VolumeId volume, Standing standing) {
        require(volume).become(standing);
    }

    @Override
    public void delete(VolumeId volume, long epoch) {
        for (FakeVolume each : List.copyOf(all)) {
            if (each.volume().equals(volume) && each.standing().epoch() == epoch) {
                switch (each.standing().role()) {
                    case INCOMING, RETIRED -> all.remove(each);
                    case OWNED, FROZEN ->
                        throw new IllegalStateException(
                                "volume " + volume + " is " + each.standing().role() + " and must not be deleted");
                }
            }
        }
    }
}
