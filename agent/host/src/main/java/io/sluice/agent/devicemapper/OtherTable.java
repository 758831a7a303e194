package io.sluice.agent.devicemapper;

import java.util.ArrayList;
import java.util.List;

/** A table of somebody else's. */
public record OtherTable(long sectors, String target, List<String> arguments) implements Table {
    public OtherTable {
        arguments = List.copyOf(arguments);
    }

    @Override
    public List<String> words() {
        List<String> words = new ArrayList<>();
        words.add(target);
        words.addAll(arguments);
        return words;
    }
}
