package io.sluice.agent.volume.lvm;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.volume.PoolGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What the pools' groups hold, as last looked at, with the agent's own changes since. */
final class SeenPools {
    private final List<PoolGroup> pools;
    private final Lvm lvm;
    private final PendingStandings pending;
    private final SeenGroups seen = new SeenGroups();
    /** One look after another: an older one must not take the place of a newer. */
    private final ReentrantLock looking = new ReentrantLock();

    SeenPools(List<PoolGroup> pools, Lvm lvm, PendingStandings pending) {
        this.pools = List.copyOf(pools);
        this.lvm = lvm;
        this.pending = pending;
    }

    /** Looks, and leaves what is kept where an action changed it meanwhile; what LVM itself has is returned. */
    VolumeGroup look(String group) {
        looking.lock();
        try {
            long before = seen.changes();
            VolumeGroup raw = lvm.look(group);
            seen.saw(pending.over(raw), before);
            return raw;
        } finally {
            looking.unlock();
        }
    }

    /** What an action of ours has changed is in what is kept when this returns. */
    void relook(String group) {
        looking.lock();
        try {
            seen.changed();
            seen.replace(pending.over(lvm.look(group)));
        } finally {
            looking.unlock();
        }
    }

    /** How much of one volume is mapped by now; all else stays as it is kept, whatever is changed meanwhile. */
    void count(LogicalVolume volume) {
        looking.lock();
        try {
            LogicalVolume looked = lvm.look(volume.group()).find(volume.name());
            if (looked != null) {
                seen.filled(looked);
            }
        } finally {
            looking.unlock();
        }
    }

    /** One volume was changed by the agent; null is gone. */
    void note(LogicalVolume before, @Nullable LogicalVolume now) {
        seen.note(before, now);
    }

    @Nullable
    VolumeGroup find(String group) {
        return seen.find(group);
    }

    List<PoolContent> contents() {
        List<PoolContent> contents = new ArrayList<>();
        for (PoolGroup pool : pools) {
            VolumeGroup group = seen.find(pool.group());
            if (group != null) {
                contents.add(PoolContent.of(pool, group));
            }
        }
        return contents;
    }

    PoolContent content(PoolGroup pool) {
        VolumeGroup group = seen.find(pool.group());
        if (group == null) {
            throw new HostActionException(
                    "POOL_UNREADABLE",
                    FailureKind.RETRY,
                    "volume group " + pool.group() + " of pool " + pool.name() + " is not there: see its disks");
        }
        return PoolContent.of(pool, group);
    }

    /** The copy of the volume that is not retired; null when there is none. */
    @Nullable
    LvmCopy current(VolumeId volume) {
        for (PoolContent content : contents()) {
            LvmCopy copy = content.current(volume);
            if (copy != null) {
                return copy;
            }
        }
        return null;
    }
}
