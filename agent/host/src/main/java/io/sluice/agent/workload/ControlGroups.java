package io.sluice.agent.workload;

import io.sluice.agent.api.VolumeId;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where the kernel accounts for what workloads do (Documentation/admin-guide/cgroup-v2.rst). */
public interface ControlGroups {
    /**
     * The directory of the control group in which the workload that owns the volume runs; null when it does not run, owns
     * none, or is not known to be in one of its own. May run a command.
     */
    @Nullable
    Path of(VolumeId volume);
}
