package io.sluice.agent.devicemapper;

import java.util.List;

/**
 * A device's table of one line that covers all of it ({@code Documentation/admin-guide/device-mapper}). Devices are named by
 * path or, as the kernel prints them, by {@code major:minor}.
 */
public sealed interface Table permits LinearTable, CloneTable, EraTable, MultipathTable, OtherTable {
    int SECTOR_BYTES = 512;

    long sectors();

    /** Name of the target and its arguments. */
    List<String> words();

    default long sizeBytes() {
        return sectors() * SECTOR_BYTES;
    }

    /** As {@code dmsetup} takes it. */
    default String line() {
        return "0 " + sectors() + " " + String.join(" ", words());
    }

    /** Whole sectors of a size in bytes; sizes here always are. */
    static long sectorsOf(long sizeBytes) {
        if (sizeBytes <= 0 || sizeBytes % SECTOR_BYTES != 0) {
            throw new IllegalArgumentException(sizeBytes + " bytes are no whole sectors");
        }
        return sizeBytes / SECTOR_BYTES;
    }

    /** Reads the one line {@code dmsetup table} prints; what is not one of our tables is an {@link OtherTable}. */
    static Table parse(String line) {
        Words words = Words.of(line);
        if (words.nextLong() != 0) {
            throw words.unexpected("a table that begins at sector 0");
        }
        long sectors = words.nextLong();
        String target = words.next();
        return switch (target) {
            case LinearTable.TARGET -> new LinearTable(sectors, words.next(), words.nextLong());
            case CloneTable.TARGET -> CloneTable.read(sectors, words);
            case EraTable.TARGET -> new EraTable(sectors, words.next(), words.next(), words.nextLong());
            case MultipathTable.TARGET -> MultipathTable.read(sectors, words);
            default -> new OtherTable(sectors, target, words.rest());
        };
    }
}
