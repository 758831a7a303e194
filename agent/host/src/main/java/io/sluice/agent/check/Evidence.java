package io.sluice.agent.check;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What was seen of a host.
 *
 * @param kernelRelease as {@code uname -r} says
 * @param targets device-mapper targets by name, each with its version; empty also where device mapper cannot be asked
 * @param modules kernel modules that are there, of those that were looked for
 * @param programs programs that are there, of those that were looked for
 * @param iscsidListens whether iscsid, or systemd for it, takes orders
 * @param controllers controllers of the root control group, version 2
 * @param scan null where there is no LVM
 */
record Evidence(
        boolean root,
        String kernelRelease,
        Map<String, String> targets,
        Set<String> modules,
        Set<String> programs,
        boolean iscsidListens,
        Set<String> controllers,
        @Nullable LvmScan scan) {
    Evidence {
        targets = Map.copyOf(targets);
        modules = Set.copyOf(modules);
        programs = Set.copyOf(programs);
        controllers = Set.copyOf(controllers);
    }
}
