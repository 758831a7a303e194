package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.orchestrator.fleet.Worker;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps back what something that stays must be near to: the last of a group does not leave a zone in which a workload stays,
 * for want of a place or in the state it is in, that asks for that group.
 */
final class Ties {
    private final Packing packing;
    private final Set<Worker> sources = new LinkedHashSet<>();
    private final Map<Demand, WorkloadId> kept = new LinkedHashMap<>();

    private Ties(Packing packing) {
        this.packing = packing;
        packing.demands().forEach(demand -> sources.add(demand.source()));
    }

    /** Answers what was kept back, each with the workload it is kept for. */
    static Map<Demand, WorkloadId> keep(Packing packing) {
        Ties ties = new Ties(packing);
        if (packing.demands().stream().anyMatch(demand -> demand.group() != null) && ties.someAsk()) {
            while (ties.keepOne() || ties.dropOne()) {
                // what is kept back may itself need another, or have been needed where it went
            }
        }
        return ties.kept;
    }

    private boolean someAsk() {
        return sources.stream()
                .flatMap(source -> definitions(source).stream())
                .anyMatch(definition -> !near(definition).isEmpty());
    }

    private boolean keepOne() {
        Set<WorkloadId> leaving = new HashSet<>();
        for (Demand demand : packing.demands()) {
            if (demand.cargo().workloadId() != null && packing.where(demand) != null) {
                leaving.add(demand.cargo().workloadId());
            }
        }
        for (Demand demand : packing.demands()) {
            WorkloadId tied = packing.where(demand) == null ? null : tied(demand, leaving);
            if (tied != null) {
                packing.take(demand);
                if (!staysInZone(demand)) {
                    kept.put(demand, tied);
                }
                return true;
            }
        }
        return false;
    }

    /** Another worker of the zone will do as well. */
    private boolean staysInZone(Demand demand) {
        String zone = Place.zone(demand.source());
        return packing.loads().stream()
                .filter(load -> load.at().closed() == null
                        && Objects.equals(zone, load.at().zone()))
                .anyMatch(load -> packing.put(demand, load));
    }

    /** Takes back what went near to something that was then kept back. */
    private boolean dropOne() {
        Map<String, Set<String>> joined = Followers.provided(packing);
        for (Demand demand : packing.demands()) {
            Load load = packing.where(demand);
            if (load != null && packing.terrain().unfit(demand, load.at(), joined) != null) {
                packing.take(demand);
                return true;
            }
        }
        return false;
    }

    /** A workload that stays in the zone and would miss the cargo's group there; null when there is none. */
    private @Nullable WorkloadId tied(Demand demand, Set<WorkloadId> leaving) {
        String group = demand.group();
        String zone = Place.zone(demand.source());
        if (group == null
                || zone == null
                || packing.terrain().members(group).zones().containsKey(zone)) {
            return null;
        }
        if (packing.demands().stream().anyMatch(other -> group.equals(other.group()) && goesTo(other, zone))) {
            return null;
        }
        WorkloadId asking = null;
        for (Worker source : sources) {
            if (zone.equals(Place.zone(source))) {
                for (WorkloadDefinition definition : definitions(source)) {
                    if (!leaving.contains(definition.id())) {
                        if (group.equals(definition.group())) {
                            return null;
                        }
                        if (asking == null && near(definition).contains(group)) {
                            asking = definition.id();
                        }
                    }
                }
            }
        }
        return asking;
    }

    private boolean goesTo(Demand demand, String zone) {
        Load load = packing.where(demand);
        return load != null && zone.equals(load.at().zone());
    }

    private static List<WorkloadDefinition> definitions(Worker worker) {
        return Objects.requireNonNull(worker.report()).workloads().stream()
                .map(workload -> workload.definition())
                .toList();
    }

    private static Set<String> near(WorkloadDefinition definition) {
        Rules rules = Rules.of(definition);
        return rules == null ? Set.of() : rules.near();
    }
}
