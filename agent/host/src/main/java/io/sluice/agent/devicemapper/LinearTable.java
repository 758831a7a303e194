package io.sluice.agent.devicemapper;

import java.util.List;

/** Sectors of another device from an offset on ({@code linear.rst}). */
public record LinearTable(long sectors, String device, long offsetSectors) implements Table {
    static final String TARGET = "linear";

    /** All of a device. */
    public static LinearTable over(String device, long sizeBytes) {
        return new LinearTable(Table.sectorsOf(sizeBytes), device, 0);
    }

    @Override
    public List<String> words() {
        return List.of(TARGET, device, Long.toString(offsetSectors));
    }
}
