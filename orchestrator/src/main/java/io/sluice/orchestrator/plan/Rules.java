package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkloadDefinition;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the labels of a workload's declaration ask of where it goes.
 *
 * @param require labels the worker must carry, with these values ({@code sluice.require.LABEL})
 * @param avoid labels the worker must not carry with these values ({@code sluice.avoid.LABEL})
 * @param near groups of which a member must stand in the same zone ({@code sluice.near}, with commas)
 * @param racks in how many racks the workload's group must stand at least ({@code sluice.racks}); 0 is no matter
 * @param samePools each volume must go into a pool of the name it lies in now ({@code sluice.pools: same})
 */
record Rules(Map<String, String> require, Map<String, String> avoid, Set<String> near, int racks, boolean samePools) {
    static final Rules NONE = new Rules(Map.of(), Map.of(), Set.of(), 0, false);

    private static final String PREFIX = "sluice.";
    private static final String REQUIRE = PREFIX + "require.";
    private static final String AVOID = PREFIX + "avoid.";

    /** Null when a label that begins like a rule is none: what it wants cannot be kept to, so the workload stays. */
    static @Nullable Rules of(@Nullable WorkloadDefinition workload) {
        if (workload == null || workload.labels().keySet().stream().noneMatch(key -> key.startsWith(PREFIX))) {
            return NONE;
        }
        Map<String, String> require = new TreeMap<>();
        Map<String, String> avoid = new TreeMap<>();
        Set<String> near = new TreeSet<>();
        int racks = 0;
        boolean samePools = false;
        for (Map.Entry<String, String> label : workload.labels().entrySet()) {
            String key = label.getKey();
            String value = label.getValue().trim();
            if (!key.startsWith(PREFIX)) {
                continue;
            }
            if (key.startsWith(REQUIRE)) {
                require.put(key.substring(REQUIRE.length()), value);
            } else if (key.startsWith(AVOID)) {
                avoid.put(key.substring(AVOID.length()), value);
            } else if (key.equals(PREFIX + "near")) {
                Arrays.stream(value.split(",", -1)).map(String::trim).forEach(near::add);
            } else if (key.equals(PREFIX + "racks") && value.matches("[1-9][0-9]{0,3}")) {
                racks = Integer.parseInt(value);
            } else if (key.equals(PREFIX + "pools") && value.equals("same")) {
                samePools = true;
            } else {
                return null;
            }
        }
        return new Rules(require, avoid, near, racks, samePools);
    }

    boolean allow(Map<String, String> labels) {
        return require.entrySet().stream().allMatch(label -> label.getValue().equals(labels.get(label.getKey())))
                && avoid.entrySet().stream().noneMatch(label -> label.getValue().equals(labels.get(label.getKey())));
    }
}
