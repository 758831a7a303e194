package io.sluice.orchestrator.plan;

import io.sluice.orchestrator.fleet.Cargo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What a plan in the making has put on one destination, and what is left there. */
final class Load {
    /** Bounds trying every division of volumes among pools; met only by cargoes of many volumes where little is free. */
    private static final int DIVISIONS = 500;

    private final Destination at;
    private final long[] free;
    private long cpuMillis;
    private long memoryBytes;
    private final Set<String> groups = new HashSet<>();
    private final List<Demand> placed = new ArrayList<>();
    private int divisions;

    Load(Destination at) {
        this.at = at;
        this.free = at.freeBytes();
        this.cpuMillis = at.resources().cpuMillis();
        this.memoryBytes = at.resources().memoryBytes();
    }

    private Load(Load other) {
        this.at = other.at;
        this.free = other.free.clone();
        this.cpuMillis = other.cpuMillis;
        this.memoryBytes = other.memoryBytes;
        this.groups.addAll(other.groups);
        this.placed.addAll(other.placed);
    }

    /** What would be left here once some that stand here are gone, and their copies with them. */
    Load without(List<Demand> leaving) {
        Load lighter = new Load(this);
        for (int pool = 0; pool < free.length; pool++) {
            long size = 0;
            long allocated = 0;
            for (Demand demand : leaving) {
                for (Cargo.Volume volume : demand.cargo().volumes()) {
                    if (volume.pool().equals(at.pool(pool).name())) {
                        size += volume.sizeBytes();
                        allocated += volume.allocatedBytes() == null ? volume.sizeBytes() : volume.allocatedBytes();
                    }
                }
            }
            lighter.free[pool] += at.gains(pool, size, allocated);
        }
        for (Demand demand : leaving) {
            lighter.cpuMillis += demand.cpuMillis();
            lighter.memoryBytes += demand.memoryBytes();
        }
        return lighter;
    }

    Destination at() {
        return at;
    }

    List<Demand> placed() {
        return Collections.unmodifiableList(placed);
    }

    /** Bytes left in a pool. */
    long free(int pool) {
        return free[pool];
    }

    /** The first thing there is too little of for this cargo; null when it fits. */
    @Nullable
    Obstacle shortOf(Demand demand) {
        if (holdsMemberOf(demand)) {
            return Obstacle.HAS_GROUP_MEMBER;
        }
        if (pools(demand) == null) {
            return givesAll(demand) ? Obstacle.NO_POOL_WITH_ROOM : Obstacle.NO_POOL_OF_THAT_SIZE;
        }
        if (demand.cpuMillis() > Math.max(0, cpuMillis)) {
            return Obstacle.NO_CPU;
        }
        return demand.memoryBytes() > Math.max(0, memoryBytes) ? Obstacle.NO_MEMORY : null;
    }

    private boolean givesAll(Demand demand) {
        for (int i = 0; i < demand.volumes(); i++) {
            long size = demand.size(i);
            if (free.length > 0 && IntStream.range(0, free.length).noneMatch(pool -> at.gives(pool, size))) {
                return false;
            }
        }
        return true;
    }

    /** A pool for each of the cargo's volumes, in their order; null when it does not fit here. */
    int @Nullable [] fit(Demand demand) {
        if (demand.cpuMillis() > Math.max(0, cpuMillis)
                || demand.memoryBytes() > Math.max(0, memoryBytes)
                || holdsMemberOf(demand)) {
            return null;
        }
        return pools(demand);
    }

    private boolean holdsMemberOf(Demand demand) {
        return demand.group() != null && groups.contains(demand.group());
    }

    void put(Demand demand, int[] pools) {
        change(demand, pools, -1);
        placed.add(demand);
        if (demand.group() != null) {
            groups.add(demand.group());
        }
    }

    void take(Demand demand, int[] pools) {
        change(demand, pools, 1);
        placed.remove(demand);
        if (demand.group() != null) {
            groups.remove(demand.group());
        }
    }

    private void change(Demand demand, int[] pools, int sign) {
        for (int i = 0; i < pools.length; i++) {
            free[pools[i]] += sign * demand.size(i);
        }
        cpuMillis += sign * demand.cpuMillis();
        memoryBytes += sign * demand.memoryBytes();
    }

    /** Free of this worker's scarcest resource, in thousandths; what a worker does not have is not scarce. */
    long freeShare() {
        var capacity = at.worker().profile().capacity();
        long share = Math.min(
                1000, Math.min(share(cpuMillis, capacity.cpuMillis()), share(memoryBytes, capacity.memoryBytes())));
        for (int i = 0; i < free.length; i++) {
            share = Math.min(share, share(free[i], at.pool(i).capacityBytes()));
        }
        return share;
    }

    /** What {@link #freeShare} would be with this cargo here. */
    long freeShareWith(Demand demand, int[] pools) {
        change(demand, pools, -1);
        long share = freeShare();
        change(demand, pools, 1);
        return share;
    }

    /** What is left here of everything, in shares of what it has: the smaller, the tighter. */
    double slack() {
        var capacity = at.worker().profile().capacity();
        double slack = part(cpuMillis, capacity.cpuMillis()) + part(memoryBytes, capacity.memoryBytes());
        for (int i = 0; i < free.length; i++) {
            slack += part(free[i], at.pool(i).capacityBytes());
        }
        return slack;
    }

    private static long share(long free, long capacity) {
        return capacity <= 0 ? 1000 : Math.round(1000.0 * free / capacity);
    }

    private static double part(long free, long capacity) {
        return capacity <= 0 ? 0 : (double) free / capacity;
    }

    private int @Nullable [] pools(Demand demand) {
        int volumes = demand.volumes();
        if (volumes == 0) {
            return new int[0];
        }
        if (demand.rules().samePools()) {
            return sameNames(demand);
        }
        if (volumes == 1) {
            int emptiest = extreme(free, demand.size(0), true);
            return emptiest < 0 ? null : new int[] {emptiest};
        }
        int[] spread = divide(demand, true);
        if (spread == null && free.length > 1) {
            spread = divide(demand, false);
            if (spread == null) {
                divisions = 0;
                int[] chosen = new int[volumes];
                spread = tryAll(demand, 0, free.clone(), chosen) ? chosen : null;
            }
        }
        return spread;
    }

    private int @Nullable [] sameNames(Demand demand) {
        int[] chosen = new int[demand.volumes()];
        long[] left = free.clone();
        for (int i = 0; i < chosen.length; i++) {
            int pool = at.pool(demand.pool(i));
            if (pool < 0 || left[pool] < demand.size(i) || !at.gives(pool, demand.size(i))) {
                return null;
            }
            left[pool] -= demand.size(i);
            chosen[i] = pool;
        }
        return chosen;
    }

    /** Largest volume first, each into the emptiest, or else the fullest, pool that holds it. */
    private int @Nullable [] divide(Demand demand, boolean emptiest) {
        int[] chosen = new int[demand.volumes()];
        long[] left = free.clone();
        for (int n = 0; n < chosen.length; n++) {
            int volume = demand.largest(n);
            int pool = extreme(left, demand.size(volume), emptiest);
            if (pool < 0) {
                return null;
            }
            left[pool] -= demand.size(volume);
            chosen[volume] = pool;
        }
        return chosen;
    }

    private int extreme(long[] left, long size, boolean emptiest) {
        int best = -1;
        for (int i = 0; i < left.length; i++) {
            if (left[i] >= size
                    && at.gives(i, size)
                    && (best < 0 || (emptiest ? left[i] > left[best] : left[i] < left[best]))) {
                best = i;
            }
        }
        return best;
    }

    private boolean tryAll(Demand demand, int n, long[] left, int[] chosen) {
        if (n == chosen.length) {
            return true;
        }
        int volume = demand.largest(n);
        for (int pool = 0; pool < left.length && divisions < DIVISIONS; pool++) {
            if (left[pool] >= demand.size(volume) && at.gives(pool, demand.size(volume))) {
                divisions++;
                left[pool] -= demand.size(volume);
                chosen[volume] = pool;
                if (tryAll(demand, n + 1, left, chosen)) {
                    return true;
                }
                left[pool] += demand.size(volume);
            }
        }
        return false;
    }
}
