package io.sluice.orchestrator.plan;

import io.sluice.agent.api.RegisterRequest.Location;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.fleet.Worker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Verifies what labels of declarations ask for, by its own reading of them: compares where every workload stands now, with
 * live migrations arrived, and where it would stand after the plans.
 */
final class RuleCheck {
    private static final String NEAR = "sluice.near";

    private final FleetSnapshot fleet;
    private final List<String> violations = new ArrayList<>();
    private final Map<WorkerId, Location> locations = new HashMap<>();
    /** Of those alone that some label here is about: members of groups, and who must be near to one. */
    private final Map<WorkloadId, WorkloadDefinition> definitions = new TreeMap<>();

    private final Map<WorkloadId, WorkerId> before = new HashMap<>();

    private RuleCheck(FleetSnapshot fleet) {
        this.fleet = fleet;
    }

    static List<String> violations(List<DrainPlan> plans, FleetSnapshot fleet) {
        RuleCheck check = new RuleCheck(fleet);
        check.read();
        Map<WorkloadId, WorkerId> after = new HashMap<>(check.before);
        for (DrainPlan plan : plans) {
            for (Placement placement : plan.all()) {
                WorkloadDefinition workload = placement.cargo().workload();
                if (workload != null) {
                    after.put(workload.id(), placement.destination());
                    check.labelsOfTheWorker(workload, placement);
                    check.poolsOfTheSameName(workload, placement);
                }
            }
        }
        check.neighboursStay(check.present(check.before, false), check.present(after, false), after);
        check.racksStay(check.present(check.before, true), check.present(after, true));
        return check.violations;
    }

    private void read() {
        for (Worker worker : fleet.workers()) {
            locations.put(worker.id(), worker.profile().location());
            if (worker.report() != null) {
                worker.report().workloads().stream()
                        .map(WorkloadReport::definition)
                        .filter(definition -> definition.group() != null
                                || definition.labels().containsKey(NEAR))
                        .forEach(definition -> {
                            definitions.put(definition.id(), definition);
                            before.put(definition.id(), worker.id());
                        });
            }
        }
        for (Reservation reservation : fleet.reservations()) {
            if (reservation.workload() != null) {
                before.put(reservation.workload(), reservation.destination());
            }
        }
    }

    private void labelsOfTheWorker(WorkloadDefinition workload, Placement placement) {
        Worker worker = fleet.worker(placement.destination());
        if (worker == null) {
            return;
        }
        Map<String, String> carried = worker.profile().labels();
        workload.labels().forEach((label, value) -> {
            String[] parts = label.split("\\.", 3);
            if (parts.length == 3 && parts[0].equals("sluice")) {
                boolean carries = value.strip().equals(carried.get(parts[2]));
                if (parts[1].equals("require") ? !carries : parts[1].equals("avoid") && carries) {
                    violations.add("places " + workload.id() + " on " + worker.id() + " against " + label);
                }
            }
        });
    }

    private void poolsOfTheSameName(WorkloadDefinition workload, Placement placement) {
        if ("same".equals(workload.labels().getOrDefault("sluice.pools", "").strip())) {
            for (int i = 0; i < placement.pools().size(); i++) {
                if (!placement
                        .cargo()
                        .volumes()
                        .get(i)
                        .pool()
                        .equals(placement.pools().get(i))) {
                    violations.add("puts a volume of " + workload.id() + " into a pool of another name");
                }
            }
        }
    }

    /** Racks, or zones, in which each group has members. */
    private Map<String, Set<String>> present(Map<WorkloadId, WorkerId> where, boolean racks) {
        Map<String, Set<String>> present = new HashMap<>();
        where.forEach((workload, worker) -> {
            WorkloadDefinition definition = definitions.get(workload);
            String group = definition == null ? null : definition.group();
            String place = group == null ? null : place(worker, racks);
            if (group != null && place != null) {
                present.computeIfAbsent(group, one -> new HashSet<>()).add(place);
            }
        });
        return present;
    }

    private @Nullable String place(WorkerId worker, boolean rack) {
        Location location = locations.get(worker);
        return location == null ? null : rack ? location.rack() : location.zone();
    }

    /** Who has what it must be near to still has it; who moves gets it. */
    private void neighboursStay(
            Map<String, Set<String>> zonesBefore,
            Map<String, Set<String>> zonesAfter,
            Map<WorkloadId, WorkerId> after) {
        definitions.forEach((id, definition) -> {
            String wanted = definition.labels().get(NEAR);
            WorkerId from = before.get(id);
            WorkerId to = after.get(id);
            if (wanted == null || from == null || to == null) {
                return;
            }
            for (String group : wanted.split(",", -1)) {
                boolean had =
                        zonesBefore.getOrDefault(group.strip(), Set.of()).contains(String.valueOf(place(from, false)));
                boolean has =
                        zonesAfter.getOrDefault(group.strip(), Set.of()).contains(String.valueOf(place(to, false)));
                if (!has && (had || !from.equals(to))) {
                    violations.add("leaves " + id + " without group " + group.strip() + " in its zone");
                }
            }
        });
    }

    private void racksStay(Map<String, Set<String>> before, Map<String, Set<String>> after) {
        definitions.values().forEach(definition -> {
            String wanted = definition.labels().get("sluice.racks");
            String group = definition.group();
            if (wanted != null && group != null && wanted.strip().matches("[0-9]{1,4}")) {
                int had = before.getOrDefault(group, Set.of()).size();
                int has = after.getOrDefault(group, Set.of()).size();
                if (has < Math.min(had, Integer.parseInt(wanted.strip()))) {
                    violations.add("brings group " + group + " from " + had + " racks to " + has);
                }
            }
        });
    }
}
