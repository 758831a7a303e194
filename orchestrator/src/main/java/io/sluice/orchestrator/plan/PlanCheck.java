package io.sluice.orchestrator.plan;

import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.PoolReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeReport;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.fleet.Worker;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a plan by its own reckoning, sharing no code with the planner: it adds up the fleet as it would stand with
 * everything arrived, and looks whether that may be. A plan with a violation is not to be executed.
 */
public final class PlanCheck {
    private final FleetSnapshot fleet;
    private final PlanLimits limits;
    private final List<String> violations = new ArrayList<>();

    private PlanCheck(FleetSnapshot fleet, PlanLimits limits) {
        this.fleet = fleet;
        this.limits = limits;
    }

    /** Answers what is wrong, in words; empty when the plan is sound. */
    public static List<String> violations(DrainPlan plan, FleetSnapshot fleet, PlanLimits limits) {
        return violations(List.of(plan), fleet, limits);
    }

    /** Answers what is wrong with plans that are to be executed together. */
    public static List<String> violations(List<DrainPlan> plans, FleetSnapshot fleet, PlanLimits limits) {
        PlanCheck check = new PlanCheck(fleet, limits);
        plans.forEach(check::one);
        Map<WorkerId, List<Placement>> arriving = new TreeMap<>();
        for (DrainPlan plan : plans) {
            for (Placement placement : plan.all()) {
                arriving.computeIfAbsent(placement.destination(), id -> new ArrayList<>())
                        .add(placement);
            }
        }
        arriving.forEach((id, placements) -> {
            Worker worker = fleet.worker(id);
            if (worker != null) {
                if (plans.stream().anyMatch(plan -> plan.worker().equals(id))) {
                    check.violations.add("places things on " + id + ", which is to be emptied as well");
                }
                check.roomSuffices(worker, placements);
                check.groupsAreSpread(worker, placements);
            }
        });
        check.violations.addAll(RuleCheck.violations(plans, fleet));
        check.violations.addAll(ThirdPartyCheck.violations(plans, fleet, limits.clearing()));
        return List.copyOf(check.violations);
    }

    private void one(DrainPlan plan) {
        Worker source = fleet.worker(plan.worker());
        if (source == null || source.report() == null) {
            if (!plan.placements().isEmpty()) {
                violations.add("places things of " + plan.worker() + ", of which nothing is known");
            }
            return;
        }
        boolean wholly = plan.refusals().stream()
                .anyMatch(refusal ->
                        refusal.workload() == null && refusal.volumes().isEmpty());
        if (wholly && !plan.placements().isEmpty()) {
            violations.add("refuses " + plan.worker() + " as a whole and yet places things of it");
        }
        if (!wholly) {
            everythingIsAccountedFor(plan, source.report());
        }
        Map<VolumeId, VolumeReport> owned = owned(source.report());
        plan.placements().forEach(placement -> placementIsAllowed(placement, source, owned));
        for (ThirdPartyMove move : plan.moves()) {
            Worker from = fleet.worker(move.source());
            if (from != null && from.report() != null) {
                placementIsAllowed(move.placement(), from, owned(from.report()));
            }
        }
    }

    private static Map<VolumeId, VolumeReport> owned(HostReport report) {
        Map<VolumeId, VolumeReport> owned = new HashMap<>();
        report.volumes().stream()
                .filter(copy -> copy.role() == VolumeRole.OWNED)
                .forEach(copy -> owned.put(copy.volume(), copy));
        return owned;
    }

    /** Each volume and workload of the source is named exactly once: placed, refused, or leaving already. */
    private void everythingIsAccountedFor(DrainPlan plan, HostReport report) {
        Map<String, Integer> named = new TreeMap<>();
        for (Placement placement : plan.placements()) {
            if (placement.cargo().workload() != null) {
                count(named, "workload " + placement.cargo().workload().id());
            }
            placement.cargo().volumes().forEach(volume -> count(named, "volume " + volume.id()));
        }
        Map<String, Integer> placed = Map.copyOf(named);
        for (Refusal refusal : plan.refusals()) {
            if (refusal.workload() != null) {
                count(named, "workload " + refusal.workload());
            }
            refusal.volumes().forEach(volume -> count(named, "volume " + volume));
        }
        for (Reservation reservation : fleet.reservations()) {
            if (reservation.source().equals(plan.worker())) {
                if (reservation.workload() != null) {
                    count(named, "workload " + reservation.workload());
                }
                reservation.volumes().forEach(space -> count(named, "volume " + space.volume()));
            }
        }
        Set<String> there = new HashSet<>();
        report.workloads()
                .forEach(workload ->
                        there.add("workload " + workload.definition().id()));
        report.volumes().stream()
                .filter(volume -> volume.role() != VolumeRole.RETIRED)
                .forEach(volume -> there.add("volume " + volume.volume()));
        there.stream().filter(name -> !named.containsKey(name)).forEach(name -> violations.add("forgets " + name));
        placed.forEach((name, times) -> {
            if (!there.contains(name)) {
                violations.add("places " + name + ", which is not on " + plan.worker());
            }
            if (times > 1 || !Objects.equals(named.get(name), times)) {
                violations.add("names " + name + " more than once");
            }
        });
    }

    private static void count(Map<String, Integer> names, String name) {
        names.merge(name, 1, Integer::sum);
    }

    private void placementIsAllowed(Placement placement, Worker source, Map<VolumeId, VolumeReport> owned) {
        String what = placement.cargo().name() + " on " + placement.destination();
        Worker destination = fleet.worker(placement.destination());
        if (destination == null || destination.report() == null) {
            violations.add("places " + what + ", of which nothing is known");
            return;
        }
        if (destination.id().equals(source.id())) {
            violations.add("places " + what + ", where it is");
        }
        if (!destination.connected() || destination.cordoned() || destination.draining()) {
            violations.add("places " + what + ", which takes nothing new");
        }
        var can = destination.profile().capabilities();
        if (!(can.dmClone() || can.portableClone())) {
            violations.add("places " + what + ", which has no clone engine");
        }
        boolean logical = placement.pools().stream()
                .allMatch(name -> destination.report().pools().stream()
                        .anyMatch(
                                pool -> pool.name().equals(name) && pool.kind().matches("lvm(-thin)?")));
        if (placement.engine() == CloneEngine.DM_CLONE ? !(can.dmClone() && logical) : !can.portableClone()) {
            if (!placement.pools().isEmpty()) {
                violations.add("places " + what + ", where " + placement.engine() + " cannot clone");
            }
        }
        sizesAreGiven(placement, destination.report().pools(), what);
        String region = source.profile().location().region();
        if (region != null
                && !Objects.equals(region, destination.profile().location().region())) {
            violations.add("places " + what + ", outside region " + region);
        }
        for (var volume : placement.cargo().volumes()) {
            VolumeReport here = owned.get(volume.id());
            if (here == null || here.sizeBytes() != volume.sizeBytes() || here.blockBytes() != volume.blockBytes()) {
                violations.add("places " + what + " with volume " + volume.id() + " other than it is");
            }
            boolean conflict = destination.report().volumes().stream()
                    .anyMatch(copy -> copy.volume().equals(volume.id()) && copy.role() != VolumeRole.RETIRED);
            if (conflict) {
                violations.add("places " + what + ", which holds a copy of " + volume.id());
            }
        }
    }

    private void sizesAreGiven(Placement placement, List<PoolReport> pools, String what) {
        for (int i = 0; i < placement.pools().size(); i++) {
            var name = placement.pools().get(i);
            var volume = placement.cargo().volumes().get(i);
            for (PoolReport pool : pools) {
                Long extent = pool.extentBytes();
                if (pool.name().equals(name) && extent != null && volume.sizeBytes() % extent != 0) {
                    violations.add("places " + what + " with volume " + volume.id()
                            + " in a pool that cannot give its exact size");
                }
            }
        }
    }

    /** Everything there, everything announced and everything planned, against what the worker has. */
    private void roomSuffices(Worker worker, List<Placement> placements) {
        Map<String, BigInteger> arriving = new HashMap<>();
        Set<String> touched = new HashSet<>();
        announced(worker, arriving);
        for (Placement placement : placements) {
            for (int i = 0; i < placement.pools().size(); i++) {
                String pool = placement.pools().get(i).value();
                add(arriving, pool, placement.cargo().volumes().get(i).sizeBytes());
                touched.add(pool);
            }
            var request = placement.cargo().request();
            add(arriving, "/cpu", request.cpuMillis());
            add(arriving, "/memory", request.memoryBytes());
            if (request.cpuMillis() > 0) {
                touched.add("/cpu");
            }
            if (request.memoryBytes() > 0) {
                touched.add("/memory");
            }
        }
        for (String what : touched) {
            if (arriving.getOrDefault(what, BigInteger.ZERO).compareTo(room(worker, what)) > 0) {
                violations.add("puts more on " + worker.id() + " than " + what + " holds");
            }
        }
    }

    private void announced(Worker worker, Map<String, BigInteger> arriving) {
        HostReport report = worker.report();
        for (Reservation reservation : fleet.reservations()) {
            if (reservation.destination().equals(worker.id())) {
                for (Reservation.Space space : reservation.volumes()) {
                    boolean there = report != null
                            && report.volumes().stream()
                                    .anyMatch(copy ->
                                            copy.volume().equals(space.volume()) && copy.role() != VolumeRole.RETIRED);
                    add(arriving, space.pool().value(), there ? 0 : space.sizeBytes());
                }
                boolean declared = report != null
                        && report.workloads().stream()
                                .anyMatch(workload -> workload.definition().id().equals(reservation.workload()));
                add(arriving, "/cpu", declared ? 0 : reservation.request().cpuMillis());
                add(arriving, "/memory", declared ? 0 : reservation.request().memoryBytes());
            }
        }
    }

    private BigInteger room(Worker worker, String what) {
        HostReport report = worker.report();
        if (report == null) {
            return BigInteger.ZERO;
        }
        long cpu = worker.profile().capacity().cpuMillis();
        long memory = worker.profile().capacity().memoryBytes();
        for (WorkloadReport workload : report.workloads()) {
            cpu -= workload.definition().request().cpuMillis();
            memory -= workload.definition().request().memoryBytes();
        }
        if (what.equals("/cpu")) {
            return BigInteger.valueOf(cpu);
        }
        if (what.equals("/memory")) {
            return BigInteger.valueOf(memory);
        }
        for (PoolReport pool : report.pools()) {
            if (pool.name().value().equals(what)) {
                BigInteger usable = BigInteger.valueOf(pool.capacityBytes())
                        .subtract(BigInteger.valueOf(pool.capacityBytes() / 100 * limits.headroomPercent()))
                        .subtract(BigInteger.valueOf(pool.committedBytes()));
                return usable.min(BigInteger.valueOf(pool.freeBytes()));
            }
        }
        return BigInteger.ZERO;
    }

    /** No two members of a group on one worker because of this plan. */
    private void groupsAreSpread(Worker worker, List<Placement> placements) {
        Map<String, Integer> members = new HashMap<>();
        Set<String> planned = new HashSet<>();
        HostReport report = worker.report();
        Set<String> counted = new HashSet<>();
        if (report != null) {
            for (WorkloadReport workload : report.workloads()) {
                counted.add(workload.definition().id().value());
                countGroup(members, workload.definition().group());
            }
        }
        for (Reservation reservation : fleet.reservations()) {
            boolean known = reservation.workload() != null
                    && counted.contains(reservation.workload().value());
            if (reservation.destination().equals(worker.id()) && !known) {
                countGroup(members, reservation.group());
            }
        }
        for (Placement placement : placements) {
            String group = placement.cargo().group();
            if (group != null) {
                countGroup(members, group);
                planned.add(group);
            }
        }
        planned.stream()
                .filter(group -> members.getOrDefault(group, 0) > 1)
                .forEach(group -> violations.add("puts two members of group " + group + " on " + worker.id()));
    }

    private static void countGroup(Map<String, Integer> members, @Nullable String group) {
        if (group != null) {
            members.merge(group, 1, Integer::sum);
        }
    }

    private static void add(Map<String, BigInteger> sums, String what, long amount) {
        sums.merge(what, BigInteger.valueOf(amount), BigInteger::add);
    }
}
