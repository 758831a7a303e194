package io.sluice.orchestrator.plan;

import static io.sluice.orchestrator.plan.Fleets.GIB;
import static io.sluice.orchestrator.plan.Fleets.NO_HEADROOM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.VolumeRole;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.orchestrator.fleet.Reservation;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainPlannerTest {
    private static final WorkerId SOURCE = new WorkerId("source");

    private final Fleets fleet = new Fleets();
    private final Fleets.Host source = fleet.host("source").pool("main", 100);

    private DrainPlan plan() {
        return plan(NO_HEADROOM);
    }

    private DrainPlan plan(PlanLimits limits) {
        DrainPlan plan = DrainPlanner.plan(fleet.snapshot(), SOURCE, limits);
        assertThat(PlanCheck.violations(plan, fleet.snapshot(), limits)).isEmpty();
        return plan;
    }

    private void assertRefused(String code) {
        assertThat(plan().placements()).isEmpty();
        assertThat(plan().refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.reason().code()).isEqualTo(code);
            assertThat(refusal.reason().message()).isNotBlank();
            assertThat(refusal.reason().remedy()).isNotBlank();
        });
    }

    @Test
    void aWorkloadMovesWithAllItsVolumesAndALoneVolumeByItself() {
        source.volume("v1", 1).volume("v2", 2).volume("lone", 3).workload("db", "v1", "v2");
        fleet.host("b").pool("main", 100);

        assertThat(plan().placements())
                .extracting(
                        placement -> placement.cargo().name(),
                        placement -> placement.cargo().volumeIds().size())
                .containsExactlyInAnyOrder(tuple("db", 2), tuple("lone", 1));
    }

    @Test
    void theFreestWorkerIsChosenAndTheChoiceExplained() {
        source.volume("v1", 10).workload("db", "v1");
        fleet.host("b").pool("main", 20);
        fleet.host("c").pool("main", 90);

        assertThat(plan().placements()).singleElement().satisfies(placement -> {
            assertThat(placement.destination()).isEqualTo(new WorkerId("c"));
            assertThat(placement.because()).first().asString().contains("2 of 2");
            assertThat(placement.because()).anySatisfy(why -> assertThat(why).contains("80 GiB stay free"));
        });
    }

    @Test
    void theSourcesZoneIsPreferredAmongAlikes() {
        source.at("r", "z2").volume("v1", 1);
        fleet.host("b").at("r", "z1").pool("main", 50);
        fleet.host("c").at("r", "z2").pool("main", 50);

        assertThat(plan().placements())
                .singleElement()
                .satisfies(placement -> assertThat(placement.destination()).isEqualTo(new WorkerId("c")));
    }

    @Test
    void aRefusalCountsWhatSpokeAgainstEachWorker() {
        source.at("r", null).volume("v1", 12).workload("db", "v1");
        fleet.host("b").at("r", null).pool("main", 100).cordoned();
        fleet.host("c").at("r", null).pool("main", 100).draining();
        fleet.host("d").at("r", null).pool("main", 100).disconnected();
        fleet.host("e").at("other", null).pool("main", 100);
        fleet.host("f").at("r", null).pool("main", 100).able(false, false);
        fleet.host("g").at("r", null).pool("main", 5);
        fleet.host("h").at("r", null).pool("main", 5);

        assertRefused("NO_ELIGIBLE_DESTINATION");
        assertThat(plan().refusals().getFirst().reason().message())
                .contains("12 GiB", "1 not connected", "1 cordoned", "1 draining", "1 without a clone engine")
                .contains("1 outside the region", "2 short of room in its pools");
    }

    @Test
    void aWorkerOfUnknownRegionIsNotTheSameRegion() {
        source.at("r", null).volume("v1", 1);
        fleet.host("b").pool("main", 100);

        assertRefused("NO_ELIGIBLE_DESTINATION");
    }

    @Test
    void whatFitsAloneButNotTogetherIsRefusedForCapacity() {
        source.volume("v1", 6).volume("v2", 6);
        fleet.host("b").pool("main", 10);

        assertThat(plan().placements()).hasSize(1);
        assertThat(plan().refusals())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.reason().code()).isEqualTo("NO_CAPACITY"));
    }

    @Test
    void headroomStaysFree() {
        source.volume("v1", 96);
        fleet.host("b").pool("main", 100);

        assertThat(plan(new PlanLimits(5, 4, 2, null)).placements()).isEmpty();
        assertThat(plan(new PlanLimits(4, 4, 2, null)).placements()).hasSize(1);
    }

    @Test
    void whatALiveMigrationReservedIsTaken() {
        source.volume("v1", 6);
        fleet.host("b").pool("main", 10);
        fleet.reserve(reservation("other", "b", "elsewhere", 5));

        assertRefused("NO_ELIGIBLE_DESTINATION");
    }

    @Test
    void aReservationWhoseVolumeIsThereAlreadyIsNotCountedTwice() {
        source.volume("v1", 5);
        fleet.host("b").pool("main", 10).volume("elsewhere", 5, VolumeRole.INCOMING, 1);
        fleet.reserve(reservation("other", "b", "elsewhere", 5));

        assertThat(plan().placements()).hasSize(1);
    }

    @Test
    void whatIsLeavingAlreadyIsNotPlannedAgain() {
        source.volume("v1", 5);
        fleet.host("b").pool("main", 100);
        fleet.reserve(reservation("source", "b", "v1", 5));

        assertThat(plan().placements()).isEmpty();
        assertThat(plan().refusals()).isEmpty();
    }

    @Test
    void whatHasYetToArriveIsNamed() {
        source.volume("v1", 5, VolumeRole.INCOMING, 1);
        fleet.host("b").pool("main", 100);
        fleet.reserve(reservation("b", "source", "v1", 5));

        assertRefused("ALREADY_MIGRATING");
    }

    @Test
    void cpuAndMemoryMustSuffice() {
        ResourceRequest large = new ResourceRequest(4_000, 8 * GIB);
        source.volume("v1", 1).workload("db", null, large, WorkloadStatus.RUNNING, "v1");
        fleet.host("b").pool("main", 100).having(3_000, 64);
        fleet.host("c").pool("main", 100).having(8_000, 4);

        assertRefused("NO_ELIGIBLE_DESTINATION");
        assertThat(plan().refusals().getFirst().reason().message())
                .contains("1 short of CPU", "1 short of memory", "4.0 cores", "8 GiB of memory");
    }

    @Test
    void membersOfAGroupAreSpread() {
        source.volume("v1", 1).volume("v2", 1);
        source.workload("m1", "g", ResourceRequest.NONE, WorkloadStatus.RUNNING, "v1");
        source.workload("m2", "g", ResourceRequest.NONE, WorkloadStatus.RUNNING, "v2");
        fleet.host("b").pool("main", 100);
        fleet.host("c").pool("main", 50);
        fleet.host("d").pool("main", 100).workload("m3", "g", ResourceRequest.NONE, WorkloadStatus.RUNNING);

        assertThat(plan().placements())
                .extracting(Placement::destination)
                .containsExactlyInAnyOrder(new WorkerId("b"), new WorkerId("c"));
    }

    /** It was being made for a migration that was given up, and nothing ever ran on it. */
    @Test
    void aCopyThatWasBeingMadeElsewhereIsNoConflictButKeepsTheVolumeFromThatWorker() {
        source.volume("v1", 1);
        fleet.host("b").pool("main", 100).volume("v1", 1, VolumeRole.INCOMING, 3);
        fleet.host("c").pool("main", 100);

        assertThat(plan().placements())
                .singleElement()
                .satisfies(placement -> assertThat(placement.destination()).isEqualTo(new WorkerId("c")));
    }

    @Test
    void anotherCopyOfAVolumeElsewhereIsAConflict() {
        source.volume("v1", 1);
        fleet.host("b").pool("main", 100).volume("v1", 1, VolumeRole.OWNED, 0);

        assertRefused("VOLUME_CONFLICT");
    }

    @Test
    void aRetiredCopyElsewhereIsNone() {
        source.volume("v1", 1, VolumeRole.OWNED, 2);
        fleet.host("b").pool("main", 100).volume("v1", 1, VolumeRole.RETIRED, 0);

        assertThat(plan().placements()).hasSize(1);
    }

    @Test
    void aWorkloadNobodyKnowsTheStateOfStays() {
        source.volume("v1", 1).workload("db", null, ResourceRequest.NONE, WorkloadStatus.UNKNOWN, "v1");
        fleet.host("b").pool("main", 100);

        assertRefused("WORKLOAD_UNKNOWN_STATE");
    }

    @Test
    void aStoppedWorkloadIsNotStartedByMovingIt() {
        source.volume("v1", 1).workload("db", null, ResourceRequest.NONE, WorkloadStatus.STOPPED, "v1");
        fleet.host("b").pool("main", 100);

        assertRefused("WORKLOAD_STOPPED");
    }

    @Test
    void aDeclaredVolumeThatIsNotThereIsNamed() {
        source.workload("db", "gone");
        fleet.host("b").pool("main", 100);

        assertRefused("VOLUME_MISSING");
    }

    @Test
    void anUnknownOrSilentWorkerIsNotPlanned() {
        source.volume("v1", 1).disconnected();

        assertRefused("WORKER_NOT_REPORTING");
        DrainPlan unknown = DrainPlanner.plan(fleet.snapshot(), new WorkerId("nobody"), NO_HEADROOM);
        assertThat(unknown.refusals())
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.reason().code()).isEqualTo("WORKER_UNKNOWN"));
    }

    @Test
    void dmCloneIsUsedWhereTheKernelHasItAndThePoolIsOfLogicalVolumes() {
        source.volume("v1", 1);
        fleet.host("b").pool("main", "lvm-thin", 100).able(true, true);

        assertThat(plan().placements())
                .singleElement()
                .satisfies(placement -> assertThat(placement.engine()).isEqualTo(CloneEngine.DM_CLONE));
    }

    @Test
    void aVolumeGoesOnlyWhereExtentsGiveItsExactSize() {
        source.volume("v1", 6);
        fleet.host("b").pool("main", "lvm-thin", 100).extents(4).able(true, true);

        assertRefused("NO_ELIGIBLE_DESTINATION");
        assertThat(plan().refusals().getFirst().reason().message())
                .contains("1 without a pool whose extents give the exact size");
        fleet.host("c").pool("main", "lvm-thin", 50).extents(2).able(true, true);
        assertThat(plan().placements())
                .singleElement()
                .satisfies(
                        placement -> assertThat(placement.destination().value()).isEqualTo("c"));
    }

    @Test
    void thePortableEngineIsUsedEverywhereElse() {
        source.volume("v1", 50).volume("v2", 50);
        fleet.host("b").pool("files", "directory", 60).able(true, true);
        fleet.host("c").pool("main", "lvm", 60).able(false, true);

        assertThat(plan().placements())
                .hasSize(2)
                .allSatisfy(placement -> assertThat(placement.engine()).isEqualTo(CloneEngine.PORTABLE));
    }

    @Test
    void aWorkerWithDmCloneAloneTakesVolumesOnLogicalVolumesAlone() {
        source.volume("v1", 50);
        fleet.host("b").pool("files", "directory", 60).able(true, false);
        fleet.host("c").pool("files", "directory", 60).pool("main", "lvm", 10).able(true, false);

        assertRefused("NO_ELIGIBLE_DESTINATION");
        fleet.host("d").pool("files", "directory", 200).pool("main", "lvm", 60).able(true, false);
        assertThat(plan().placements()).singleElement().satisfies(placement -> {
            assertThat(placement.pools()).containsExactly(new PoolName("main"));
            assertThat(placement.engine()).isEqualTo(CloneEngine.DM_CLONE);
        });
    }

    @Test
    void repairMovesWhatIsPlacedWhenSomethingIsLeftOver() {
        // Greedy puts "roomy" on the freer b; the larger member of group g may not join its fellow on c and finds b too
        // full.
        ResourceRequest none = ResourceRequest.NONE;
        source.volume("roomy", 8).volume("bound", 7).workload("bound", "g", none, WorkloadStatus.RUNNING, "bound");
        fleet.host("b").pool("main", 12);
        fleet.host("c").pool("main", 9).workload("fellow", "g", none, WorkloadStatus.RUNNING);

        DrainPlan plan = plan();

        assertThat(plan.refusals()).isEmpty();
        assertThat(plan.placements())
                .extracting(placement -> placement.cargo().name() + " to " + placement.destination())
                .containsExactlyInAnyOrder("roomy to c", "bound to b");
    }

    @Test
    void theHashTellsPlansApartButNotTheirWords() {
        source.volume("v1", 1);
        fleet.host("b").pool("main", 100);
        String hash = plan().hash();

        assertThat(plan().hash()).isEqualTo(hash).hasSize(64);
        assertThat(plan(new PlanLimits(0, 1, 1, 5L)).hash()).isEqualTo(hash);
        source.volume("v2", 1);
        assertThat(plan().hash()).isNotEqualTo(hash);
    }

    @Test
    void theForecastFollowsTheCeilings() {
        source.volume("v1", 10).volume("v2", 10).volume("v3", 10);
        fleet.host("b").pool("main", 100);

        assertThat(plan(new PlanLimits(0, 4, 2, GIB)).forecast()).isEqualTo(new Forecast(30 * GIB, 20L, 20L, 20 * GIB));
        assertThat(plan(new PlanLimits(0, 4, 1, GIB)).forecast().seconds()).isEqualTo(30L);
        assertThat(plan().forecast().seconds()).isNull();
    }

    private static Reservation reservation(String from, String to, String volume, long gib) {
        return new Reservation(
                new MigrationId("m1"),
                volume.equals("v1") ? null : new WorkloadId("w-" + volume),
                null,
                new WorkerId(from),
                new WorkerId(to),
                ResourceRequest.NONE,
                List.of(new Reservation.Space(new VolumeId(volume), new PoolName("main"), gib * GIB)));
    }
}
