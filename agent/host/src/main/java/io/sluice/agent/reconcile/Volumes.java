package io.sluice.agent.reconcile;

import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import java.util.List;

/** The pools of this host. Every change is durable when its call returns; {@link HostActionException} says why one failed. */
public interface Volumes {

    /**
     * What was found.
     *
     * @param problems names what lies in a pool and is no volume
     * @param allCopiesSeen false while a pool, or what lies in it, cannot be read: a copy that is not among the volumes may be there
     */
    record Found(
            List<VolumeState> volumes, List<PoolReport> pools, List<FailureReport> problems, boolean allCopiesSeen) {
        public Found {
            volumes = List.copyOf(volumes);
            pools = List.copyOf(pools);
            problems = List.copyOf(problems);
        }
    }

    /** Cheap: called before and after every action. */
    Found observe();

    /** Makes a volume with {@link Standing#incoming}, or finishes making it; refused when the pool has no room for it. */
    void create(NewVolume volume);

    /**
     * Gives the volume's copy that is not retired a new standing. To {@code FROZEN}: flushed and read-only when the call
     * returns. To {@code RETIRED}: read-only, out of the way of a newer copy. To {@code OWNED}: writable.
     */
    void change(VolumeId volume, Standing standing);

    /** Deletes the copy with that epoch; refused for an owned or frozen one. Harmless when it is gone. */
    void delete(VolumeId volume, long epoch);
}
