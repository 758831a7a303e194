package io.sluice.agent;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** How much memory this machine, or the container around the agent, has. */
final class MachineMemory {
    private MachineMemory() {}

    static long bytes() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
