package io.sluice.orchestrator.plan;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadReport;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Worker;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Verifies what plans move that is not on their workers: that it is permitted, may be touched, and serves something that waits. */
final class ThirdPartyCheck {
    private final FleetSnapshot fleet;
    private final Clearing clearing;
    private final Set<WorkerId> drained;
    private final Set<String> moved = new HashSet<>();
    private final List<String> violations = new ArrayList<>();

    private ThirdPartyCheck(FleetSnapshot fleet, Clearing clearing, Set<WorkerId> drained) {
        this.fleet = fleet;
        this.clearing = clearing;
        this.drained = drained;
    }

    static List<String> violations(List<DrainPlan> plans, FleetSnapshot fleet, Clearing clearing) {
        ThirdPartyCheck check = new ThirdPartyCheck(
                fleet, clearing, plans.stream().map(DrainPlan::worker).collect(Collectors.toSet()));
        plans.forEach(check::permitted);
        plans.forEach(check::serving);
        plans.stream().flatMap(plan -> plan.moves().stream()).forEach(check::allowed);
        return check.violations;
    }

    private void permitted(DrainPlan plan) {
        long volumes = 0;
        long bytes = 0;
        for (ThirdPartyMove move : plan.moves()) {
            volumes += move.placement().cargo().volumes().size();
            bytes += move.placement().cargo().sizeBytes();
        }
        if (volumes > clearing.permission().volumes()
                || bytes > clearing.permission().bytes()) {
            violations.add("moves " + volumes + " volumes of others with " + bytes + " bytes, which is more than "
                    + clearing.permission());
        }
    }

    private void serving(DrainPlan plan) {
        Set<String> served =
                plan.moves().stream().map(ThirdPartyMove::makesRoomFor).collect(Collectors.toSet());
        Set<String> waiting = plan.refusals().stream()
                .filter(refusal -> refusal.reason().is(ReasonCode.WAITING_FOR_ROOM))
                .map(refusal -> refusal.workload() != null
                        ? refusal.workload().value()
                        : refusal.volumes().getFirst().value())
                .collect(Collectors.toSet());
        if (!served.equals(waiting)) {
            violations.add("makes room for " + served + ", and for room wait " + waiting);
        }
    }

    private void allowed(ThirdPartyMove move) {
        Cargo cargo = move.placement().cargo();
        Worker source = fleet.worker(move.source());
        String what = cargo.name() + " of " + move.source();
        if (source == null || source.report() == null || !source.connected()) {
            violations.add("moves " + what + ", of which nothing is known now");
            return;
        }
        if (source.cordoned() || source.draining() || drained.contains(source.id())) {
            violations.add("moves " + what + " for others' sake, which is cordoned or drained");
        }
        if (!moved.add(cargo.name()) || clearing.spared().contains(cargo.name())) {
            violations.add("moves " + what + " though it is moved already, or is to be left alone");
        }
        Set<VolumeId> volumes = Set.copyOf(cargo.volumeIds());
        boolean onItsWay = fleet.reservations().stream()
                .anyMatch(live -> live.volumes().stream().anyMatch(space -> volumes.contains(space.volume())));
        if (onItsWay) {
            violations.add("moves " + what + ", which is on its way already");
        }
        Set<VolumeId> declared = new HashSet<>();
        for (WorkloadReport workload : source.report().workloads()) {
            if (workload.definition().volumes().stream().anyMatch(volumes::contains)) {
                declared.addAll(workload.definition().volumes());
            }
        }
        if (cargo.workload() == null ? !declared.isEmpty() : !declared.equals(volumes)) {
            violations.add("moves " + what + " without what belongs to it");
        }
    }
}
