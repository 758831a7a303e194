package io.sluice.agent.clone.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a block device has done since it was made (Documentation/block/stat.rst).
 *
 * @param operations reads and writes
 */
record DiskCounters(long operations, long bytes) {
    static final DiskCounters ZERO = new DiskCounters(0, 0);

    private static final int READS = 0;
    private static final int SECTORS_READ = 2;
    private static final int WRITES = 4;
    private static final int SECTORS_WRITTEN = 6;
    private static final int SECTOR_BYTES = 512;

    static DiskCounters parse(String stat) {
        String[] fields = stat.strip().split("\\s+", -1);
        if (fields.length <= SECTORS_WRITTEN) {
            throw new IllegalArgumentException("no counters of a disk: '" + stat + "'");
        }
        return new DiskCounters(
                Long.parseLong(fields[READS]) + Long.parseLong(fields[WRITES]),
                SECTOR_BYTES * (Long.parseLong(fields[SECTORS_READ]) + Long.parseLong(fields[SECTORS_WRITTEN])));
    }

    /** Reads them of the device with that number, {@code major:minor}. */
    static DiskCounters read(Path sysfs, String number) {
        Path stat = sysfs.resolve("dev/block").resolve(number).resolve("stat");
        try {
            return parse(Files.readString(stat));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + stat, e);
        }
    }

    /** A device that was made anew counts from zero. */
    DiskCounters since(DiskCounters before) {
        return operations < before.operations || bytes < before.bytes
                ? this
                : new DiskCounters(operations - before.operations, bytes - before.bytes);
    }
}
