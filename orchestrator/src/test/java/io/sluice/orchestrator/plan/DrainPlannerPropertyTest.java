package io.sluice.orchestrator.plan;

import static io.sluice.orchestrator.plan.Fleets.NO_HEADROOM;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Fleets by the hundred, each from its seed; a failure names the seed. */
class DrainPlannerPropertyTest {
    private static final WorkerId SOURCE = new WorkerId("source");

    @Test
    void everyPlanIsSound() {
        LongStream.rangeClosed(1, 200).forEach(seed -> {
            FleetSnapshot fleet = large(new Random(seed));
            DrainPlan plan = DrainPlanner.plan(fleet, SOURCE, PlanLimits.DEFAULT);
            assertThat(PlanCheck.violations(plan, fleet, PlanLimits.DEFAULT))
                    .as("seed %d", seed)
                    .isEmpty();
        });
    }

    @Test
    void theSameFleetGivesTheSamePlan() {
        LongStream.rangeClosed(1, 20).forEach(seed -> {
            DrainPlan one = DrainPlanner.plan(large(new Random(seed)), SOURCE, PlanLimits.DEFAULT);
            DrainPlan other = DrainPlanner.plan(large(new Random(seed)), SOURCE, PlanLimits.DEFAULT);
            assertThat(one).as("seed %d", seed).isEqualTo(other);
            assertThat(one.hash()).as("seed %d", seed).isEqualTo(other.hash());
        });
    }

    @Test
    void whatCanBePlacedIsPlacedInAllButOneOfAHundredTightFleets() {
        int seeds = 400;
        long solvable = 0;
        long missed = 0;
        for (long seed = 1; seed <= seeds; seed++) {
            Tight tight = Tight.of(new Random(seed));
            if (tight.fits(0)) {
                solvable++;
                DrainPlan plan = DrainPlanner.plan(tight.fleet(), SOURCE, NO_HEADROOM);
                missed += plan.refusals().isEmpty() ? 0 : 1;
            }
        }
        assertThat(solvable).as("tight fleets that have a solution at all").isGreaterThan(100);
        assertThat(missed).as("of %d solvable", solvable).isLessThanOrEqualTo(solvable / 100);
    }

    /** Up to seven volumes and four workers with little to spare, and the exact answer by trying everything. */
    private static final class Tight {
        private final int[] sizes;
        private final int[] room;
        private final int[] left;

        private Tight(int[] sizes, int[] room) {
            this.sizes = sizes;
            this.room = room;
            this.left = room.clone();
        }

        static Tight of(Random random) {
            int[] room = random.ints(2 + random.nextInt(3), 8, 25).toArray();
            int[] sizes = random.ints(4 + random.nextInt(4), 2, 12).toArray();
            return new Tight(sizes, room);
        }

        boolean fits(int next) {
            if (next == sizes.length) {
                return true;
            }
            for (int worker = 0; worker < left.length; worker++) {
                if (left[worker] >= sizes[next]) {
                    left[worker] -= sizes[next];
                    boolean rest = fits(next + 1);
                    left[worker] += sizes[next];
                    if (rest) {
                        return true;
                    }
                }
            }
            return false;
        }

        FleetSnapshot fleet() {
            Fleets fleet = new Fleets();
            Fleets.Host source = fleet.host("source").pool("main", 1_000);
            for (int i = 0; i < sizes.length; i++) {
                source.volume("v" + i, sizes[i]);
            }
            for (int i = 0; i < room.length; i++) {
                fleet.host("w" + i).pool("main", room[i]);
            }
            return fleet.snapshot();
        }
    }

    private static FleetSnapshot large(Random random) {
        Fleets fleet = new Fleets();
        Fleets.Host source = fleet.host("source").pool("main", 2_000).at("r1", "z1");
        for (int i = random.nextInt(12); i >= 0; i--) {
            workload(source, "s" + i, random);
        }
        for (int w = random.nextInt(8); w >= 0; w--) {
            Fleets.Host host = fleet.host("w" + w)
                    .pool("main", 20 + random.nextInt(200))
                    .pool("fast", 10 + random.nextInt(60))
                    .at(random.nextInt(6) == 0 ? "r2" : "r1", "z" + random.nextInt(3))
                    .having(2_000 + random.nextInt(16_000), 4 + random.nextInt(60));
            for (int i = random.nextInt(4); i > 0; i--) {
                workload(host, "w" + w + "-" + i, random);
            }
            switch (random.nextInt(8)) {
                case 0 -> host.cordoned();
                case 1 -> host.draining();
                case 2 -> host.disconnected();
                default -> host.able(random.nextBoolean(), true);
            }
        }
        return fleet.snapshot();
    }

    private static void workload(Fleets.Host host, String name, Random random) {
        host.volume(name + "-a", 1 + random.nextInt(25));
        if (random.nextInt(5) == 0) {
            return;
        }
        String group = random.nextInt(4) == 0 ? "g" + random.nextInt(2) : null;
        ResourceRequest request = new ResourceRequest(random.nextInt(3_000), random.nextInt(6) * Fleets.GIB);
        if (random.nextInt(3) == 0) {
            host.volume(name + "-b", 1 + random.nextInt(10));
            host.workload("app-" + name, group, request, WorkloadStatus.RUNNING, name + "-a", name + "-b");
        } else {
            host.workload("app-" + name, group, request, WorkloadStatus.RUNNING, name + "-a");
        }
    }
}
