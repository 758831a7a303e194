package io.sluice.orchestrator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.RegisterRequest.Location;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Link;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When migrations begin and end on paper. */
class ScheduleTest {
    private static final Location NOWHERE = new Location(null, null, null);
    private static final Link OUT = new Link(Link.Scope.WORKER, "s", Link.Direction.OUT);

    private static Schedule.Job job(String name, String from, String to, long bytes) {
        return job(name, from, NOWHERE, to, NOWHERE, bytes);
    }

    private static Schedule.Job job(String name, String from, Location here, String to, Location there, long bytes) {
        WorkerId source = new WorkerId(from);
        WorkerId destination = new WorkerId(to);
        return new Schedule.Job(name, source, destination, Link.path(source, here, destination, there), bytes);
    }

    private static PlanLimits limits(Map<Link, Long> rates, Map<Link, Integer> migrations) {
        return new PlanLimits(0, 16, 8, null, new Ceilings(rates, migrations));
    }

    @Test
    void nothingBeginsWhileWhatRunsFillsItsWay() {
        List<Schedule.Job> jobs = List.of(job("a", "s", "x", 1_000), job("b", "s", "y", 1_000));

        Schedule.Outcome outcome = Schedule.run(jobs, limits(Map.of(OUT, 100L), Map.of()));

        assertThat(outcome.seconds()).isEqualTo(20.0);
        assertThat(outcome.starts()).extracting(Schedule.Start::startSeconds).containsExactly(0.0, 10.0);
        assertThat(outcome.mostExposedBytes()).isEqualTo(1_000);
    }

    @Test
    void whatRunsSlowerThanItsWayLetsOthersBegin() {
        Link in = new Link(Link.Scope.WORKER, "x", Link.Direction.IN);
        List<Schedule.Job> jobs = List.of(job("a", "s", "x", 1_000), job("b", "s", "y", 1_000));

        Schedule.Outcome outcome = Schedule.run(jobs, limits(Map.of(OUT, 100L, in, 50L), Map.of()));

        assertThat(outcome.seconds()).isEqualTo(20.0);
        assertThat(outcome.starts()).extracting(Schedule.Start::startSeconds).containsOnly(0.0);
    }

    @Test
    void ceilingsOnMigrationsHold() {
        Link rack = new Link(Link.Scope.RACK, "r", Link.Direction.IN);
        Location there = new Location(null, null, "r");
        List<Schedule.Job> jobs = List.of(
                job("a", "s", NOWHERE, "x", there, 1_000),
                job("b", "t", NOWHERE, "y", there, 1_000),
                job("c", "u", NOWHERE, "z", NOWHERE, 1_000));

        Schedule.Outcome outcome =
                Schedule.run(jobs, new PlanLimits(0, 8, 4, 100L, new Ceilings(Map.of(), Map.of(rack, 1))));

        assertThat(outcome.starts())
                .extracting(start -> start.job().name() + "@" + start.startSeconds())
                .containsExactly("a@0.0", "c@0.0", "b@10.0");
    }

    @Test
    void withoutAnyRateTheTimeIsUnknown() {
        Schedule.Outcome outcome =
                Schedule.run(List.of(job("a", "s", "x", 10), job("b", "s", "x", 20)), limits(Map.of(), Map.of()));

        assertThat(outcome.seconds()).isNull();
        assertThat(outcome.starts()).extracting(start -> start.job().name()).containsExactly("b", "a");
    }

    @Test
    void aLinkThatLetsNothingThroughNeverEnds() {
        Schedule.Outcome outcome = Schedule.run(List.of(job("a", "s", "x", 10)), limits(Map.of(OUT, 0L), Map.of()));

        assertThat(outcome.seconds()).isNull();
    }

    @Test
    void generatedDrainsTakeHardlyEverMoreThan15PercentLongerThanTheBusiestLinkNeeds() {
        int seeds = 300;
        double[] ratios = new double[seeds];
        for (int seed = 1; seed <= seeds; seed++) {
            Random random = new Random(seed);
            Map<Link, Long> ceilings = new HashMap<>();
            List<Schedule.Job> jobs = generated(random, ceilings);
            PlanLimits limits = limits(ceilings, Map.of());
            double seconds = Objects.requireNonNull(Schedule.run(jobs, limits).seconds(), "seed " + seed);
            double bound = Schedule.lowerBound(jobs, limits);
            ratios[seed - 1] = seconds / bound;
            assertThat(ratios[seed - 1]).as("seed %d", seed).isBetween(0.999, 1.25);
        }
        Arrays.sort(ratios);
        System.out.printf(
                Locale.ROOT,
                "makespan / lower bound over %d generated drains: mean %.3f, p50 %.3f, p99 %.3f, worst %.3f%n",
                seeds,
                Arrays.stream(ratios).average().orElse(0),
                ratios[seeds / 2],
                ratios[seeds * 99 / 100],
                ratios[seeds - 1]);
        assertThat(ratios[seeds * 98 / 100]).as("98 of 100").isLessThanOrEqualTo(1.15);
    }

    /** One to four sources, 20 to 200 volumes of very different sizes, destinations and racks of very different speed. */
    private static List<Schedule.Job> generated(Random random, Map<Link, Long> ceilings) {
        int destinations = 5 + random.nextInt(20);
        int racks = 1 + random.nextInt(5);
        int sources = 1 + random.nextInt(4);
        for (int s = 0; s < sources; s++) {
            ceilings.put(
                    new Link(Link.Scope.WORKER, "s" + s, Link.Direction.OUT),
                    500_000_000L + random.nextInt(500_000_000));
        }
        for (int d = 0; d < destinations; d++) {
            ceilings.put(
                    new Link(Link.Scope.WORKER, "d" + d, Link.Direction.IN),
                    200_000_000L + random.nextInt(800_000_000));
        }
        for (int r = 0; r < racks; r++) {
            ceilings.put(
                    new Link(Link.Scope.RACK, "r" + r, Link.Direction.IN),
                    400_000_000L + random.nextInt(1_000_000_000));
        }
        ceilings.put(
                new Link(Link.Scope.FLEET, "*", Link.Direction.OUT), 1_000_000_000L + random.nextInt(1_000_000_000));
        List<Schedule.Job> jobs = new ArrayList<>();
        for (int i = 20 + random.nextInt(180); i > 0; i--) {
            int d = random.nextInt(destinations);
            long bytes = (long) (1e9 * Math.exp(random.nextGaussian()));
            jobs.add(job(
                    "v" + i,
                    "s" + random.nextInt(sources),
                    NOWHERE,
                    "d" + d,
                    new Location(null, null, "r" + d % racks),
                    bytes));
        }
        return jobs;
    }
}
