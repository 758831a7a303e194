package io.sluice.orchestrator.cli.bench;

import io.sluice.agent.api.MigrationId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * From the report with which a host completes a step to the other host's call answered with the next: the orchestrator's share
 * of a cutover, and what lies between on this machine.
 */
final class Decisions {
    /** What one host is asked once the other has reported the second. */
    private static final Map<String, String> AFTER =
            Map.of("FROZEN", "PREPARED", "CLONED", "FROZEN", "RELEASED", "SETTLED");

    private final Latencies latencies = new Latencies();
    private final Map<String, Long> reported = new ConcurrentHashMap<>();

    /** A host is about to report that it holds this. */
    void reported(MigrationId migration, String goal, long now) {
        if (AFTER.containsValue(goal)) {
            reported.putIfAbsent(key(migration, goal), now);
        }
    }

    /** A host was asked for this. */
    void asked(MigrationId migration, String goal, long now) {
        String before = AFTER.get(goal);
        Long since = before == null ? null : reported.remove(key(migration, before));
        if (since != null) {
            latencies.add(now - since);
        }
    }

    private static String key(MigrationId migration, String goal) {
        return goal + "/" + migration;
    }

    Latencies latencies() {
        return latencies;
    }
}
