package io.sluice.agent.devicemapper;

import java.util.List;

/** Remembers which blocks of a device were written in which era ({@code era.rst}). */
public record EraTable(long sectors, String metadata, String origin, long blockSectors) implements Table {
    static final String TARGET = "era";

    @Override
    public List<String> words() {
        return List.of(TARGET, metadata, origin, Long.toString(blockSectors));
    }
}
