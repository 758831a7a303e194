package io.sluice.agent.reconcile;

import io.sluice.agent.api.VolumeId;
import java.util.List;

/** The fronts through which workloads use their volumes; a disk's address and secret stay the same for the volume's life. */
public interface Disks {

    /** Cheap: called before and after every action. */
    List<DiskState> observe();

    /**
     * Serves the disk, or swaps what is behind it under the live sessions; when the call returns no command runs on what
     * was behind it before.
     */
    void serve(VolumeId volume, DiskBacking backing);

    /** Closes its sessions, then the disk; when the call returns no command of theirs is running. Harmless when not served. */
    void withdraw(VolumeId volume);
}
