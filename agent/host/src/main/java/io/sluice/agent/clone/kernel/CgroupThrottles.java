package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.clone.pace.GuestThrottle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Through {@code io.max} of the workload's cgroup (Documentation/admin-guide/cgroup-v2.rst, IO Interface Files). The kernel
 * forgets it with the cgroup, so a workload that is started anew is free until it is limited again.
 */
public final class CgroupThrottles implements GuestThrottles {
    private static final String FILE = "io.max";

    private final Function<VolumeId, @Nullable Path> cgroups;

    /** @param cgroups directory of the cgroup that the volume's workload runs in; null when it has none of its own */
    public CgroupThrottles(Function<VolumeId, @Nullable Path> cgroups) {
        this.cgroups = cgroups;
    }

    @Override
    public boolean possible(VolumeId volume) {
        Path cgroup = cgroups.apply(volume);
        return cgroup != null && Files.isWritable(cgroup.resolve(FILE));
    }

    /** Written only where the group has it otherwise: a write would begin the kernel's accounting anew. */
    @Override
    public boolean limit(VolumeId volume, String device, @Nullable GuestThrottle throttle) {
        Path cgroup = cgroups.apply(volume);
        if (cgroup == null) {
            return false;
        }
        Path limits = cgroup.resolve(FILE);
        try {
            if (!inForce(Files.readAllLines(limits), device, throttle)) {
                Files.writeString(limits, line(device, throttle));
            }
            return true;
        } catch (NoSuchFileException e) {
            // the group has gone with its workload, or has no limits
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read or write " + limits, e);
        }
    }

    /** The kernel leaves out devices without any limit. */
    private static boolean inForce(List<String> limits, String device, @Nullable GuestThrottle throttle) {
        String wanted = line(device, throttle).strip();
        return limits.stream().map(String::strip).anyMatch(wanted::equals)
                || (throttle == null && limits.stream().noneMatch(limit -> limit.startsWith(device + " ")));
    }

    static String line(String device, @Nullable GuestThrottle throttle) {
        if (throttle == null) {
            return device + " rbps=max wbps=max riops=max wiops=max\n";
        }
        return device + " rbps=" + throttle.bytes() + " wbps=" + throttle.bytes() + " riops=" + throttle.operations()
                + " wiops=" + throttle.operations() + "\n";
    }
}
