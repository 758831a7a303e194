package io.sluice.orchestrator.cli.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Whether this machine can carry the benchmark: it is said before, not when it breaks in the middle. */
final class Machine {
    private static final Path MEMORY = Path.of("/proc/meminfo");

    /** Two connections of a worker whose call is overtaken, and what a process has open besides. */
    private static final int DESCRIPTORS_PER_WORKER = 1;

    private static final int DESCRIPTORS_BESIDES = 2000;

    /** PostgreSQL with its page cache, and the simulated agents: measured with 10,000 workers of ten volumes each. */
    private static final double MEBIBYTES_PER_WORKER = 0.15;

    private static final int MEBIBYTES_BESIDES = 1024;

    private Machine() {}

    static void requireRoomFor(FleetSize size, int heapMegabytes) {
        long needed = heapMegabytes + MEBIBYTES_BESIDES + (long) (MEBIBYTES_PER_WORKER * size.workers());
        long available = availableMebibytes();
        if (available < needed) {
            throw new BenchFailure(String.format(
                    Locale.ROOT,
                    "%d workers need about %d MiB of memory, %d MiB are available: try --workers %d, or a smaller --heap",
                    size.workers(),
                    needed,
                    available,
                    Math.max(20, size.workers() / 10)));
        }
        long descriptors = DESCRIPTORS_BESIDES + (long) DESCRIPTORS_PER_WORKER * size.workers();
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                && system.getMaxFileDescriptorCount() < descriptors) {
            throw new BenchFailure(String.format(
                    Locale.ROOT,
                    "%d workers need %d file descriptors per process, %d are allowed: raise them (ulimit -n %d), or try --workers %d",
                    size.workers(),
                    descriptors,
                    system.getMaxFileDescriptorCount(),
                    descriptors,
                    Math.max(20, system.getMaxFileDescriptorCount() - DESCRIPTORS_BESIDES)));
        }
    }

    private static long availableMebibytes() {
        try {
            return Files.readAllLines(MEMORY).stream()
                    .filter(line -> line.startsWith("MemAvailable:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) >> 10)
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            throw new BenchFailure("cannot read " + MEMORY + ": " + e.getMessage());
        }
    }
}
