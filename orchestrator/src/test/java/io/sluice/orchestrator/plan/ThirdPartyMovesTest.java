package io.sluice.orchestrator.plan;

import static io.sluice.orchestrator.plan.Fleets.GIB;
import static io.sluice.orchestrator.plan.Fleets.NO_HEADROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.reason.ReasonCode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ThirdPartyMovesTest {
    private static final WorkerId SOURCE = new WorkerId("source");

    /** One large volume leaves; one worker is large enough but for what stands on it, and the other has room for that. */
    private final Fleets fleets = new Fleets();

    private final Fleets.Host wide =
            fleets.host("wide").pool("main", 40).volume("s1", 5).volume("s2", 8);
    private final Fleets.Host small = fleets.host("small").pool("main", 20);

    private Fleets.Host leaving() {
        return fleets.host("source").pool("main", 100).volume("large", 30).workload("app", "large");
    }

    private DrainPlan plan(int volumes, long gib, String... spared) {
        if (fleets.snapshot().worker(SOURCE) == null) {
            leaving();
        }
        FleetSnapshot fleet = fleets.snapshot();
        PlanLimits limits = NO_HEADROOM.with(new Clearing(new Permission(volumes, gib * GIB), Set.of(spared)));
        DrainPlan plan = DrainPlanner.plan(fleet, SOURCE, limits);
        assertThat(PlanCheck.violations(plan, fleet, limits)).isEmpty();
        return plan;
    }

    private static List<String> moved(DrainPlan plan) {
        return plan.moves().stream()
                .map(move -> move.placement().cargo().name() + " " + move.source() + " "
                        + move.placement().destination() + " for " + move.makesRoomFor())
                .toList();
    }

    @Test
    void withoutPermissionNothingOfOthersMoves() {
        DrainPlan plan = plan(0, 100);

        assertThat(plan.moves()).isEmpty();
        assertThat(plan.refusals())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.reason().is(ReasonCode.NO_ELIGIBLE_DESTINATION))
                        .isTrue());
    }

    @Test
    void theSmallestThatMakesRoomEnoughIsMovedAndWhatWaitsSaysForWhat() {
        DrainPlan plan = plan(3, 100);

        assertThat(moved(plan)).containsExactly("s1 wide small for app");
        assertThat(plan.placements()).isEmpty();
        assertThat(plan.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.reason().is(ReasonCode.WAITING_FOR_ROOM)).isTrue();
            assertThat(refusal.reason().message())
                    .isEqualTo(
                            "app has no place yet and waits for room on wide, which is made by moving away s1 (to small).");
        });
    }

    @Test
    void oneMoveIsPreferredToTwoOfFewerBytes() {
        wide.volume("s3", 2).volume("s4", 2);

        // 17 GiB stand there: 7 must go, which s2 alone makes, and s1 with s3 too.
        assertThat(moved(plan(3, 100))).containsExactly("s2 wide small for app");
        assertThat(moved(plan(3, 100, "s2"))).containsExactly("s1 wide small for app", "s3 wide small for app");
    }

    @Test
    void manySmallOnesAreMovedWhereThePermissionCoversThem() {
        for (int i = 0; i < 8; i++) {
            fleets.host("many").pool("main", 34).volume("tiny-" + i, 1);
        }

        assertThat(moved(plan(8, 100, "s1", "s2"))).hasSize(4);
        assertThat(plan(3, 100, "s1", "s2").moves()).isEmpty();
        assertThat(plan(8, 3, "s1", "s2").moves()).isEmpty();
    }

    @Test
    void neitherVolumesNorBytesArePermittedBeyondTheirNumber() {
        assertThat(moved(plan(1, 5))).hasSize(1);
        assertThat(plan(1, 4).moves()).isEmpty();
        wide.volume("s3", 6);
        assertThat(plan(1, 100).moves()).isEmpty();
    }

    @Test
    void theNeighboursOfWhatIsRefusedForAnotherReasonStay() {
        fleets.host("source")
                .pool("main", 100)
                .volume("large", 30)
                .workload("app", null, ResourceRequest.NONE, WorkloadStatus.STOPPED, "large");

        assertThat(plan(3, 100).moves()).isEmpty();
    }

    @Test
    void whatIsOnACordonedOrSilentWorkerOrIsInNoStateToMoveStays() {
        small.cordoned();
        fleets.host("other").pool("main", 20);
        assertThat(moved(plan(3, 100))).containsExactly("s1 wide other for app");

        wide.cordoned();
        assertThat(plan(3, 100).moves()).isEmpty();
    }

    @Test
    void aVolumeThatIsNotOwnedStays() {
        Fleets other = new Fleets();
        other.host("wide").pool("main", 40).volume("s1", 15, VolumeRole.FROZEN, 0);
        other.host("small").pool("main", 20);
        other.host("source").pool("main", 100).volume("large", 30);
        PlanLimits limits = NO_HEADROOM.with(new Clearing(new Permission(5, 100 * GIB), Set.of()));

        assertThat(DrainPlanner.plan(other.snapshot(), SOURCE, limits).moves()).isEmpty();
    }

    @Test
    void aMoveKeepsToTheRulesOfWhatIsMoved() {
        small.at("r1", "z1", "k1").label("disk", "hdd");
        wide.at("r1", "z1", "k2");
        leaving().at("r1", "z1", "k3");
        wide.workload(
                "w1", null, Map.of("sluice.avoid.disk", "hdd"), ResourceRequest.NONE, WorkloadStatus.RUNNING, "s1");
        assertThat(moved(plan(3, 100))).containsExactly("s2 wide small for app");

        wide.workload("w2", "g", Map.of("sluice.racks", "2"), ResourceRequest.NONE, WorkloadStatus.RUNNING, "s2");
        assertThat(moved(plan(3, 100))).containsExactly("w2 wide small for app");

        // The other member stands in the rack it would go to: their group would stand in one rack less.
        fleets.host("third").pool("main", 1).at("r1", "z1", "k1").volume("m", 1);
        fleets.host("third").workload("w3", "g", ResourceRequest.NONE, WorkloadStatus.RUNNING, "m");
        assertThat(plan(3, 100).moves()).isEmpty();
    }

    @Test
    void whatOthersMustBeNearToStays() {
        for (Fleets.Host host : List.of(wide, small, leaving())) {
            host.at("r1", "z1");
        }
        wide.workload("w1", "db", ResourceRequest.NONE, WorkloadStatus.RUNNING, "s1");
        wide.workload("w2", "db", ResourceRequest.NONE, WorkloadStatus.RUNNING, "s2");
        assertThat(moved(plan(3, 100))).containsExactly("w1 wide small for app");

        small.workload("web", null, Map.of("sluice.near", "db"), ResourceRequest.NONE, WorkloadStatus.RUNNING);
        assertThat(plan(3, 100).moves()).isEmpty();
    }

    @Test
    void cpuAndMemoryAreMadeRoomForToo() {
        Fleets other = new Fleets();
        other.host("wide").pool("main", 100).having(4_000, 8).volume("s1", 1);
        other.host("wide").workload("busy", null, new ResourceRequest(3_000, GIB), WorkloadStatus.RUNNING, "s1");
        other.host("small").pool("main", 20).having(3_000, 8);
        other.host("source").pool("main", 100).volume("large", 30);
        other.host("source").workload("app", null, new ResourceRequest(2_000, GIB), WorkloadStatus.RUNNING, "large");
        PlanLimits limits = NO_HEADROOM.with(new Clearing(new Permission(5, 100 * GIB), Set.of()));

        DrainPlan plan = DrainPlanner.plan(other.snapshot(), SOURCE, limits);

        assertThat(moved(plan)).containsExactly("busy wide small for app");
    }

    @Test
    void theHashIsThatOfThePlanWithItsMoves() {
        DrainPlan with = plan(3, 100);
        DrainPlan without = new DrainPlan(SOURCE, with.placements(), with.refusals(), with.forecast());

        assertThat(with.hash()).isEqualTo(plan(3, 100).hash()).isNotEqualTo(without.hash());
    }

    @Test
    void thePlanCheckSeesWhatIsNotPermitted() {
        DrainPlan plan = plan(3, 100);
        FleetSnapshot fleet = fleets.snapshot();
        wide.cordoned();

        assertThat(PlanCheck.violations(plan, fleet, NO_HEADROOM)).anyMatch(words -> words.contains("more than"));
        assertThat(PlanCheck.violations(
                        plan,
                        fleets.snapshot(),
                        NO_HEADROOM.with(new Clearing(new Permission(3, 100 * GIB), Set.of("s1")))))
                .anyMatch(words -> words.contains("cordoned"))
                .anyMatch(words -> words.contains("left alone"));
    }
}
