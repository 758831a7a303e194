package io.sluice.orchestrator.plan;

import static io.sluice.orchestrator.plan.Fleets.NO_HEADROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.orchestrator.fleet.FleetSnapshot;
import io.sluice.orchestrator.fleet.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Crowded fleets by the thousand, each from its seed; a failure names the seed. */
class ThirdPartyPropertyTest {
    private static final int SEEDS = 300;

    private static PlanLimits permitting(Permission permission) {
        return NO_HEADROOM.with(new Clearing(permission, Set.of()));
    }

    @Test
    void everyPlanIsSoundWithinItsPermissionAndPlacesAtLeastWhatItPlacesWithoutOne() {
        long moving = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            FleetSnapshot fleet = CrowdedFleet.of(seed).snapshot();
            DrainPlan without = DrainPlanner.plan(fleet, CrowdedFleet.SOURCE, NO_HEADROOM);
            Permission permission = new Permission((int) (seed % 4), (seed % 7) * 2 * Fleets.GIB);
            PlanLimits limits = permitting(permission);
            DrainPlan with = DrainPlanner.plan(fleet, CrowdedFleet.SOURCE, limits);

            assertThat(PlanCheck.violations(with, fleet, limits))
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(with.placements())
                    .as("seed %d", seed)
                    .hasSizeGreaterThanOrEqualTo(without.placements().size());
            assertThat(without.moves()).as("seed %d", seed).isEmpty();
            for (ThirdPartyMove move : with.moves()) {
                Worker source = Objects.requireNonNull(fleet.worker(move.source()));
                assertThat(source.connected() && !source.cordoned() && !source.draining())
                        .as("seed %d moves something of %s", seed, source.id())
                        .isTrue();
            }
            moving += with.moves().isEmpty() ? 0 : 1;
        }
        assertThat(moving).as("plans that move something of others").isGreaterThan(30);
    }

    @Test
    void whatTwoMovesMakeRoomForIsPlacedInTheGreatMajorityOfCrowdedFleets() {
        int solvable = 0;
        int needing = 0;
        List<Long> missed = new ArrayList<>();
        List<Long> missedNeeding = new ArrayList<>();
        for (long seed = 1; seed <= SEEDS; seed++) {
            int fewest = CrowdedFleet.of(seed).fewestMoves();
            if (fewest >= 0) {
                CrowdedFleet fleet = CrowdedFleet.of(seed);
                emptied(fleet, seed);
                solvable++;
                needing += fewest > 0 ? 1 : 0;
                if (!fleet.isEmptied()) {
                    missed.add(seed);
                    if (fewest > 0) {
                        missedNeeding.add(seed);
                    }
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "crowded fleets: %d, emptied by at most %d third-party moves: %d, missed %d; of %d that need a move, missed %d (%.1f %% found), seeds %s%n",
                SEEDS,
                CrowdedFleet.MOST_MOVES,
                solvable,
                missed.size(),
                needing,
                missedNeeding.size(),
                100.0 * (needing - missedNeeding.size()) / needing,
                missedNeeding.subList(0, Math.min(20, missedNeeding.size())));
        assertThat(needing).as("fleets that need a third-party move").isGreaterThan(30);
        assertThat(missedNeeding).as("of %d that need a move", needing).hasSizeLessThanOrEqualTo(needing * 15 / 100);
    }

    /** Plans, has all arrive, plans again with what is left of the permission; what waited then has its place. */
    private static void emptied(CrowdedFleet fleet, long seed) {
        Permission left = new Permission(CrowdedFleet.MOST_MOVES, Long.MAX_VALUE);
        for (int round = 0; round < 6 && !fleet.isEmptied(); round++) {
            FleetSnapshot snapshot = fleet.snapshot();
            PlanLimits limits = permitting(left);
            DrainPlan plan = DrainPlanner.plan(snapshot, CrowdedFleet.SOURCE, limits);
            assertThat(PlanCheck.violations(plan, snapshot, limits))
                    .as("seed %d", seed)
                    .isEmpty();
            if (plan.all().isEmpty()) {
                return;
            }
            fleet.execute(plan);
            Set<String> waiting = Set.copyOf(
                    plan.moves().stream().map(ThirdPartyMove::makesRoomFor).toList());
            if (!waiting.isEmpty()) {
                DrainPlan then = DrainPlanner.plan(fleet.snapshot(), CrowdedFleet.SOURCE, NO_HEADROOM);
                assertThat(then.placements())
                        .as("seed %d: room was made for %s, so that something has a place now", seed, waiting)
                        .isNotEmpty();
            }
            left = left.less(
                    plan.moves().size(),
                    plan.moves().stream()
                            .mapToLong(move -> move.placement().cargo().sizeBytes())
                            .sum());
        }
    }
}
