package io.sluice.orchestrator.plan;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadId;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.fleet.Worker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fleet as one plan sees it, looked up once: the possible destinations, where members of groups stand, who needs whom
 * near, and who else has a copy of what leaves. Says what keeps a cargo from a worker whatever room there is.
 */
final class Terrain {
    private final List<Destination> destinations = new ArrayList<>();
    private final Map<String, Members> groups = new HashMap<>();
    private final Set<InZone> needed = new HashSet<>();
    private final Map<VolumeId, Set<WorkerId>> holders = new HashMap<>();

    /** In which zones and racks members of one group stand that do not leave, and how many in each. */
    record Members(Map<String, Integer> zones, Map<String, Integer> racks) {
        static final Members NONE = new Members(Map.of(), Map.of());
    }

    private record InZone(String group, String zone) {}

    /** What decides who is suitable: one answer serves all cargoes that are equal in it. */
    record Kind(
            @Nullable String region,
            @Nullable String zone,
            @Nullable String group,
            Rules rules,
            List<VolumeId> copied) {}

    private Terrain() {}

    static Terrain of(FleetSnapshot fleet, Collection<WorkerId> sources, PlanLimits limits) {
        Terrain terrain = new Terrain();
        Set<WorkerId> leaving = Set.copyOf(sources);
        Map<WorkerId, List<Reservation>> arriving = new HashMap<>();
        Map<WorkloadId, WorkerId> leaves = new HashMap<>();
        for (Reservation reservation : fleet.reservations()) {
            arriving.computeIfAbsent(reservation.destination(), id -> new ArrayList<>())
                    .add(reservation);
            if (reservation.workload() != null) {
                leaves.put(reservation.workload(), reservation.source());
            }
        }
        Set<VolumeId> moving = new HashSet<>();
        for (Worker worker : fleet.workers()) {
            if (leaving.contains(worker.id()) && worker.report() != null) {
                worker.report().volumes().forEach(volume -> moving.add(volume.volume()));
            }
        }
        for (Worker worker : fleet.workers()) {
            if (!leaving.contains(worker.id())) {
                List<Reservation> coming = arriving.getOrDefault(worker.id(), List.of());
                terrain.destinations.add(Destination.of(terrain.destinations.size(), worker, coming, limits));
                terrain.members(worker, coming, leaves);
                terrain.copies(worker, moving);
            }
        }
        return terrain;
    }

    private void members(Worker worker, List<Reservation> coming, Map<WorkloadId, WorkerId> leaves) {
        Set<WorkloadId> declared = new HashSet<>();
        if (worker.report() != null) {
            worker.report().workloads().forEach(workload -> {
                var definition = workload.definition();
                if (!worker.id().equals(leaves.get(definition.id()))) {
                    declared.add(definition.id());
                    member(definition.group(), worker);
                    Rules rules = Rules.of(definition);
                    String zone = Place.zone(worker);
                    if (rules != null && zone != null) {
                        rules.near().forEach(group -> needed.add(new InZone(group, zone)));
                    }
                }
            });
        }
        coming.stream()
                .filter(reservation -> reservation.workload() == null || !declared.contains(reservation.workload()))
                .forEach(reservation -> member(reservation.group(), worker));
    }

    private void member(@Nullable String group, Worker worker) {
        if (group != null) {
            Members members = groups.computeIfAbsent(group, name -> new Members(new HashMap<>(), new HashMap<>()));
            String zone = Place.zone(worker);
            String rack = Place.rack(worker);
            if (zone != null) {
                members.zones().merge(zone, 1, Integer::sum);
            }
            if (rack != null) {
                members.racks().merge(rack, 1, Integer::sum);
            }
        }
    }

    private void copies(Worker worker, Set<VolumeId> moving) {
        if (worker.report() != null) {
            worker.report().volumes().stream()
                    .filter(volume -> volume.role() != io.sluice.agent.api.VolumeRole.RETIRED)
                    .filter(volume -> moving.contains(volume.volume()))
                    .forEach(volume -> holders.computeIfAbsent(volume.volume(), id -> new HashSet<>())
                            .add(worker.id()));
        }
    }

    /** Every worker that is not drained by this plan, in the order of their ids; a destination's index is its place here. */
    List<Destination> destinations() {
        return destinations;
    }

    Members members(@Nullable String group) {
        return group == null ? Members.NONE : groups.getOrDefault(group, Members.NONE);
    }

    Kind kind(Demand demand) {
        List<VolumeId> copied = holders.isEmpty()
                ? List.of()
                : demand.cargo().volumeIds().stream()
                        .filter(holders::containsKey)
                        .toList();
        boolean alone = demand.group() == null;
        return new Kind(
                demand.source().profile().location().region(),
                alone ? null : Place.rack(demand.source()),
                demand.group(),
                demand.rules(),
                copied);
    }

    /** The first thing that keeps this cargo from there whatever room there is; null when nothing does. */
    @Nullable
    Obstacle unfit(Demand demand, Destination destination) {
        return unfit(demand, destination, Map.of());
    }

    /**
     * The same, where more members of groups stand than are there now.
     *
     * @param joined the zones of these, by group
     */
    @Nullable
    Obstacle unfit(Demand demand, Destination destination, Map<String, Set<String>> joined) {
        Obstacle closed = destination.closed();
        if (closed != null) {
            return closed;
        }
        var profile = destination.worker().profile();
        String region = demand.source().profile().location().region();
        if (region != null && !region.equals(profile.location().region())) {
            return Obstacle.OTHER_REGION;
        }
        if (!demand.rules().equals(Rules.NONE) && !demand.rules().allow(profile.labels())) {
            return Obstacle.OTHER_LABELS;
        }
        if (!holders.isEmpty() && holds(demand, destination)) {
            return Obstacle.HOLDS_A_COPY;
        }
        String group = demand.group();
        if (group != null && destination.has(group)) {
            return Obstacle.HAS_GROUP_MEMBER;
        }
        if (!demand.rules().near().stream().allMatch(wanted -> stands(wanted, destination.zone(), joined))) {
            return Obstacle.NOT_NEAR;
        }
        if (group != null && neededWhereItIs(group, demand.source()) && !inZoneOf(demand.source(), destination)) {
            return Obstacle.NEEDED_IN_ITS_ZONE;
        }
        return needsNewRack(demand)
                        && (destination.rack() == null || members(group).racks().containsKey(destination.rack()))
                ? Obstacle.TOO_FEW_RACKS
                : null;
    }

    private boolean holds(Demand demand, Destination destination) {
        return demand.cargo().volumeIds().stream()
                .anyMatch(id -> holders.getOrDefault(id, Set.of()).contains(destination.id()));
    }

    /** Whether a member of this group stands in the zone, or joins it. */
    boolean stands(String group, @Nullable String zone, Map<String, Set<String>> joined) {
        return zone != null
                && (members(group).zones().containsKey(zone)
                        || joined.getOrDefault(group, Set.of()).contains(zone));
    }

    private boolean neededWhereItIs(String group, Worker source) {
        String zone = Place.zone(source);
        return zone != null && needed.contains(new InZone(group, zone)) && !stands(group, zone, Map.of());
    }

    private static boolean inZoneOf(Worker source, Destination destination) {
        return Objects.equals(Place.zone(source), destination.zone());
    }

    /** Whether its group would stand in fewer racks than its declaration asks for, unless it goes into one more. */
    boolean needsNewRack(Demand demand) {
        if (demand.rules().racks() == 0 || demand.group() == null) {
            return false;
        }
        Map<String, Integer> racks = members(demand.group()).racks();
        String now = Place.rack(demand.source());
        return racks.size() < demand.rules().racks() && now != null && !racks.containsKey(now);
    }
}
