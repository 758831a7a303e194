package io.sluice.orchestrator.plan;

import static io.sluice.orchestrator.plan.Fleets.NO_HEADROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What labels and groups ask for, and several workers emptied together. */
class DrainPlannerRulesTest {
    private static final WorkerId SOURCE = new WorkerId("source");

    private final Fleets fleet = new Fleets();
    private final Fleets.Host source = fleet.host("source").at(null, "z1", "r1").pool("main", 100);

    private List<DrainPlan> plan(WorkerId... workers) {
        List<DrainPlan> plans = DrainPlanner.plan(fleet.snapshot(), List.of(workers), NO_HEADROOM);
        assertThat(PlanCheck.violations(plans, fleet.snapshot(), NO_HEADROOM)).isEmpty();
        return plans;
    }

    private Map<String, String> destinations(WorkerId... workers) {
        return plan(workers).stream()
                .flatMap(plan -> plan.placements().stream())
                .collect(Collectors.toMap(
                        placement -> placement.cargo().name(),
                        placement -> placement.destination().value()));
    }

    private List<String> refusals() {
        return plan(SOURCE).getFirst().refusals().stream()
                .map(refusal -> refusal.reason().code())
                .toList();
    }

    private static void workload(Fleets.Host host, String name, @Nullable String group, Map<String, String> labels) {
        host.volume(name + "-data", 1)
                .workload(name, group, labels, ResourceRequest.NONE, WorkloadStatus.RUNNING, name + "-data");
    }

    @Test
    void labelsOfTheWorkerAreRequiredAndAvoided() {
        workload(source, "fast", null, Map.of("sluice.require.disk", "nvme"));
        workload(source, "calm", null, Map.of("sluice.avoid.noise", "high"));
        fleet.host("b").pool("main", 500).label("noise", "high").label("disk", "nvme");
        fleet.host("c").pool("main", 100).label("disk", "sata");

        assertThat(destinations(SOURCE)).containsOnly(Map.entry("fast", "b"), Map.entry("calm", "c"));
    }

    @Test
    void aLabelThatBeginsLikeARuleAndIsNoneKeepsTheWorkloadWhereItIs() {
        workload(source, "db", null, Map.of("sluice.requires.disk", "nvme"));
        fleet.host("b").pool("main", 100);

        assertThat(refusals()).containsExactly("PLACEMENT_LABEL_UNREADABLE");
    }

    @Test
    void aVolumeBoundToItsPoolGoesIntoAPoolOfThatNameOrNowhere() {
        workload(source, "db", null, Map.of("sluice.pools", "same"));
        fleet.host("b").pool("slow", 500);
        assertThat(refusals()).containsExactly("NO_ELIGIBLE_DESTINATION");

        fleet.host("c").pool("slow", 500).pool("main", 5);
        assertThat(plan(SOURCE).getFirst().placements())
                .singleElement()
                .satisfies(placement -> assertThat(placement.pools()).containsExactly(new PoolName("main")));
    }

    @Test
    void whatMustBeNearSomethingGoesIntoItsZone() {
        workload(source, "web", null, Map.of("sluice.near", "cache"));
        fleet.host("b").at(null, "z1").pool("main", 500);
        fleet.host("c")
                .at(null, "z2")
                .pool("main", 10)
                .workload("c1", "cache", ResourceRequest.NONE, WorkloadStatus.RUNNING);
        fleet.host("d").at(null, "z2").pool("main", 20);

        assertThat(destinations(SOURCE)).containsOnly(Map.entry("web", "d"));
    }

    @Test
    void theLastOfAGroupStaysInTheZoneWhereItIsNeeded() {
        workload(source, "cache-1", "cache", Map.of());
        fleet.host("b")
                .at(null, "z1")
                .pool("main", 10)
                .workload("web", null, Map.of("sluice.near", "cache"), ResourceRequest.NONE, WorkloadStatus.RUNNING);
        fleet.host("c").at(null, "z2").pool("main", 500);

        assertThat(destinations(SOURCE)).containsOnly(Map.entry("cache-1", "b"));
    }

    @Test
    void theLastOfAGroupDoesNotLeaveWhatStaysWithoutIt() {
        workload(source, "cache-1", "cache", Map.of());
        source.volume("web-data", 90)
                .workload(
                        "web",
                        null,
                        Map.of("sluice.near", "cache"),
                        ResourceRequest.NONE,
                        WorkloadStatus.RUNNING,
                        "web-data");
        fleet.host("b").at(null, "z2").pool("main", 50);

        assertThat(refusals()).containsExactlyInAnyOrder("NO_ELIGIBLE_DESTINATION", "NEEDED_WHERE_IT_IS");
    }

    @Test
    void aGroupThatMustStandInSoManyRacksDoes() {
        workload(source, "m1", "g", Map.of("sluice.racks", "2"));
        fleet.host("b")
                .at(null, "z1", "r2")
                .pool("main", 10)
                .workload("m2", "g", ResourceRequest.NONE, WorkloadStatus.RUNNING);
        fleet.host("c").at(null, "z1", "r2").pool("main", 500);
        fleet.host("d").at(null, "z2", "r3").pool("main", 5);

        assertThat(destinations(SOURCE)).containsOnly(Map.entry("m1", "d"));
    }

    @Test
    void membersOfAGroupShareARackOnlyWhereThereIsNoOtherWay() {
        workload(source, "m1", "g", Map.of());
        fleet.host("b")
                .at(null, "z1", "r2")
                .pool("main", 10)
                .workload("m2", "g", ResourceRequest.NONE, WorkloadStatus.RUNNING);
        fleet.host("c").at(null, "z1", "r2").pool("main", 500);
        assertThat(destinations(SOURCE)).containsOnly(Map.entry("m1", "c"));
        assertThat(plan(SOURCE).getFirst().placements().getFirst().because())
                .anySatisfy(why -> assertThat(why).contains("shares a failure domain"));

        fleet.host("d").at(null, "z1", "r3").pool("main", 2);
        assertThat(destinations(SOURCE)).containsOnly(Map.entry("m1", "d"));
    }

    @Test
    void aCargoMakesWayForAMemberOfAGroupThatWouldElseShareARack() {
        source.volume("bulk", 4);
        workload(source, "m1", "g", Map.of());
        fleet.host("b")
                .at(null, "z1", "r2")
                .pool("main", 9)
                .workload("m2", "g", ResourceRequest.NONE, WorkloadStatus.RUNNING);
        fleet.host("c").at(null, "z1", "r2").pool("main", 4);
        fleet.host("d").at(null, "z1", "r3").pool("main", 4);

        Map<String, String> destinations = destinations(SOURCE);

        assertThat(destinations).containsEntry("m1", "d").containsKey("bulk");
    }

    @Test
    void workersEmptiedTogetherNeverReceiveFromEachOther() {
        WorkerId other = new WorkerId("other");
        workload(source, "a", null, Map.of());
        workload(fleet.host("other").pool("main", 1_000), "b", null, Map.of());
        fleet.host("c").pool("main", 50);

        List<DrainPlan> plans = plan(SOURCE, other);

        assertThat(plans).extracting(DrainPlan::worker).containsExactly(SOURCE, other);
        assertThat(plans)
                .allSatisfy(plan -> assertThat(plan.placements())
                        .singleElement()
                        .satisfies(
                                placement -> assertThat(placement.destination()).isEqualTo(new WorkerId("c"))));
    }

    @Test
    void workersEmptiedTogetherDoNotGetTheSameRoomTwice() {
        WorkerId other = new WorkerId("other");
        source.volume("a", 6);
        fleet.host("other").pool("main", 100).volume("b", 6);
        fleet.host("c").pool("main", 10);

        List<DrainPlan> plans = plan(SOURCE, other);

        assertThat(plans.stream().mapToInt(plan -> plan.placements().size()).sum())
                .isEqualTo(1);
        List<DrainPlan> apart = List.of(
                DrainPlanner.plan(fleet.snapshot(), SOURCE, NO_HEADROOM),
                DrainPlanner.plan(fleet.snapshot(), other, NO_HEADROOM));
        assertThat(PlanCheck.violations(apart, fleet.snapshot(), NO_HEADROOM)).isNotEmpty();
    }

    @Test
    void anUnknownWorkerDoesNotKeepTheOthers() {
        source.volume("a", 6);
        fleet.host("c").pool("main", 10);

        List<DrainPlan> plans = plan(new WorkerId("nobody"), SOURCE);

        assertThat(plans.getFirst().refusals().getFirst().reason().code()).isEqualTo("WORKER_UNKNOWN");
        assertThat(plans.getLast().placements()).hasSize(1);
    }

    @Test
    void theCheckSeesWhatARuleForbids() {
        workload(source, "db", "g", Map.of("sluice.require.disk", "nvme", "sluice.near", "cache", "sluice.racks", "2"));
        workload(fleet.host("e").at(null, "z1", "r1").pool("main", 10), "cache-1", "cache", Map.of());
        workload(fleet.host("f").at(null, "z2", "r2").pool("main", 10), "db-2", "g", Map.of());
        fleet.host("b").at(null, "z3", "r2").pool("main", 100);
        var snapshot = fleet.snapshot();
        var cargo = Objects.requireNonNull(DrainPlanner.pack(snapshot, List.of(SOURCE), NO_HEADROOM)
                .packing()
                .demands()
                .getFirst()
                .cargo());
        Placement wrong =
                new Placement(cargo, new WorkerId("b"), List.of(new PoolName("main")), CloneEngine.DM_CLONE, List.of());
        DrainPlan plan = new DrainPlan(SOURCE, List.of(wrong), List.of(), new Forecast(0, null, null, null));

        assertThat(PlanCheck.violations(plan, snapshot, NO_HEADROOM))
                .anySatisfy(one -> assertThat(one).contains("sluice.require.disk"))
                .anySatisfy(one -> assertThat(one).contains("without group cache"))
                .anySatisfy(one -> assertThat(one).contains("from 2 racks to 1"))
                .anySatisfy(one -> assertThat(one).contains("DM_CLONE cannot clone"));
    }
}
