package io.sluice.orchestrator.plan;

import java.util.HashMap;
import java.util.Map;

/** In which racks and zones this plan puts members of groups, beside those that stand there. */
final class Domains {
    /** Sharing a rack is worse than sharing any number of zones that groups have in practice. */
    private static final long RACK = 100_000;

    private static final long ZONE = 2_000;

    private final Terrain terrain;
    private final Map<Domain, Integer> racks = new HashMap<>();
    private final Map<Domain, Integer> zones = new HashMap<>();

    private record Domain(String group, String name) {}

    Domains(Terrain terrain) {
        this.terrain = terrain;
    }

    /** A group that must stand in one more rack must not have the rack twice. */
    boolean forbid(Demand demand, Destination destination) {
        return demand.group() != null
                && destination.rack() != null
                && racks.getOrDefault(new Domain(demand.group(), destination.rack()), 0) > 0
                && terrain.needsNewRack(demand);
    }

    void put(Demand demand, Destination destination) {
        change(demand, destination, 1);
    }

    void take(Demand demand, Destination destination) {
        change(demand, destination, -1);
    }

    private void change(Demand demand, Destination destination, int by) {
        String group = demand.group();
        if (group != null) {
            if (destination.rack() != null) {
                racks.merge(new Domain(group, destination.rack()), by, Integer::sum);
            }
            if (destination.zone() != null) {
                zones.merge(new Domain(group, destination.zone()), by, Integer::sum);
            }
        }
    }

    /** Grows with each member of the cargo's group in the destination's rack and zone; the cargo itself must not be placed. */
    long crowding(Demand demand, Destination destination) {
        String group = demand.group();
        if (group == null) {
            return 0;
        }
        Terrain.Members standing = terrain.members(group);
        long crowding = 0;
        if (destination.rack() != null) {
            crowding += RACK
                    * (standing.racks().getOrDefault(destination.rack(), 0)
                            + racks.getOrDefault(new Domain(group, destination.rack()), 0));
        }
        if (destination.zone() != null) {
            crowding += ZONE
                    * (standing.zones().getOrDefault(destination.zone(), 0)
                            + zones.getOrDefault(new Domain(group, destination.zone()), 0));
        }
        return crowding;
    }
}
