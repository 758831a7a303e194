package io.sluice.orchestrator.plan;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Worker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What stands on workers that are not drained and may be moved, looked up once. */
final class StandingCargoes {
    private final Terrain terrain;
    private final Elsewhere elsewhere;
    private final FleetSnapshot fleet;
    private final Set<WorkerId> workers;
    private final Set<String> pinned;
    private final Map<WorkerId, List<Demand>> known = new HashMap<>();

    private StandingCargoes(
            Terrain terrain, Elsewhere elsewhere, FleetSnapshot fleet, Set<WorkerId> workers, Set<String> pinned) {
        this.terrain = terrain;
        this.elsewhere = elsewhere;
        this.fleet = fleet;
        this.workers = workers;
        this.pinned = pinned;
    }

    static StandingCargoes of(Packing packing, FleetSnapshot fleet, Set<WorkerId> workers) {
        Set<String> pinned = new HashSet<>();
        packing.demands().stream().map(Demand::group).filter(Objects::nonNull).forEach(pinned::add);
        fleet.workers().stream()
                .map(Worker::report)
                .filter(Objects::nonNull)
                .flatMap(report -> report.workloads().stream())
                .map(workload -> Rules.of(workload.definition()))
                .filter(Objects::nonNull)
                .forEach(rules -> pinned.addAll(rules.near()));
        return new StandingCargoes(packing.terrain(), Elsewhere.of(fleet, workers), fleet, Set.copyOf(workers), pinned);
    }

    /**
     * What the worker owns and can be moved. Members of groups of which something leaves by this plan, or which something must be near
     * to, stay: who goes where was decided by where they stand.
     */
    List<Demand> on(WorkerId id) {
        return known.computeIfAbsent(id, key -> read(fleet.worker(key)));
    }

    private List<Demand> read(@Nullable Worker worker) {
        List<Demand> demands = new ArrayList<>();
        if (worker != null && worker.report() != null && workers.contains(worker.id())) {
            for (Cargo cargo :
                    Inventory.of(worker.id(), worker.report(), elsewhere).cargoes()) {
                Rules rules = Rules.of(cargo.workload());
                boolean stays = cargo.volumes().isEmpty()
                        || rules == null
                        || (cargo.group() != null && pinned.contains(cargo.group()));
                if (!stays && rules != null) {
                    demands.add(new Demand(Demand.THIRD_PARTY, cargo, worker, rules));
                }
            }
        }
        return demands;
    }

    /** Under every rule, and never nearer to others of its group than it stands. */
    boolean mayMove(Demand demand, Destination to) {
        return terrain.unfit(demand, to) == null
                && demand.cargo().volumeIds().stream().noneMatch(volume -> holds(to, volume))
                && (demand.group() == null || standsAsFar(demand, to));
    }

    private boolean holds(Destination to, VolumeId volume) {
        return elsewhere.isHeld(to.id(), volume);
    }

    private boolean standsAsFar(Demand demand, Destination to) {
        Terrain.Members members = terrain.members(demand.group());
        String rack = Place.rack(demand.source());
        String zone = Place.zone(demand.source());
        return (rack == null || to.rack() != null)
                && others(members.racks(), to.rack(), rack) <= others(members.racks(), rack, rack)
                && others(members.zones(), to.zone(), zone) <= others(members.zones(), zone, zone);
    }

    /** Members there, it itself left out. */
    private static int others(Map<String, Integer> members, @Nullable String there, @Nullable String own) {
        return there == null ? 0 : members.getOrDefault(there, 0) - (there.equals(own) ? 1 : 0);
    }
}
