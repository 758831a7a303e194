package io.sluice.orchestrator.store;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.Migration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Live migrations by what they share with others, so that a worker of a thousand finds each one's neighbours without looking at all. */
final class Neighbours {
    private final Map<WorkerId, List<Migration>> leaving = new HashMap<>();
    private final Map<WorkerId, List<Migration>> entering = new HashMap<>();
    private final Map<String, List<Migration>> members = new HashMap<>();
    private final Map<DrainId, Integer> priorities = new HashMap<>();

    void add(Migration migration, int priority) {
        priorities.put(migration.drain(), priority);
        if (migration.state().holdsSlot()) {
            add(leaving, migration.source(), migration);
        }
        add(entering, migration.destination(), migration);
        String group = migration.cargo().group();
        if (group != null) {
            add(members, group, migration);
        }
    }

    private static <K> void add(Map<K, List<Migration>> to, K key, Migration migration) {
        to.computeIfAbsent(key, none -> new ArrayList<>()).add(migration);
    }

    /** Those that may stand in its way, itself left out. */
    List<Migration> of(Migration migration) {
        Set<Migration> others = new LinkedHashSet<>();
        others.addAll(leaving.getOrDefault(migration.source(), List.of()));
        others.addAll(entering.getOrDefault(migration.destination(), List.of()));
        String group = migration.cargo().group();
        others.addAll(group == null ? List.of() : members.getOrDefault(group, List.of()));
        return others.stream()
                .filter(other -> !other.id().equals(migration.id()))
                .toList();
    }

    /** How urgent their drains are. */
    Map<DrainId, Integer> priorities() {
        return priorities;
    }
}
