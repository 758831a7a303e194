package io.sluice.agent.devicemapper;

import java.util.List;

/** How a device fares, as its target says in the one line of {@code dmsetup status}. */
public sealed interface Status permits CloneStatus, EraStatus, MultipathStatus, Status.Other {

    /** Of a target that says nothing we know. */
    record Other(String target, List<String> words) implements Status {
        public Other {
            words = List.copyOf(words);
        }
    }

    static Status parse(String line) {
        Words words = Words.of(line);
        words.nextLong();
        words.nextLong();
        String target = words.next();
        return switch (target) {
            case CloneTable.TARGET -> CloneStatus.read(words);
            case EraTable.TARGET -> EraStatus.read(words);
            case MultipathTable.TARGET -> MultipathStatus.read(words);
            default -> new Other(target, words.rest());
        };
    }
}
