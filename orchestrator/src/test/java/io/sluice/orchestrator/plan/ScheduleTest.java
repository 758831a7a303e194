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
import java.util.stream.IntStream;
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

        Schedule.Outcome outcome = Schedules.best(jobs, limits(Map.of(OUT, 100L), Map.of()));

        assertThat(outcome.seconds()).isEqualTo(20.0);
        assertThat(outcome.starts()).extracting(Schedule.Start::startSeconds).containsExactly(0.0, 10.0);
        assertThat(outcome.mostExposedBytes()).isEqualTo(1_000);
    }

    @Test
    void whatRunsSlowerThanItsWayLetsOthersBegin() {
        Link in = new Link(Link.Scope.WORKER, "x", Link.Direction.IN);
        List<Schedule.Job> jobs = List.of(job("a", "s", "x", 1_000), job("b", "s", "y", 1_000));

        Schedule.Outcome outcome = Schedules.best(jobs, limits(Map.of(OUT, 100L, in, 50L), Map.of()));

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
                Schedules.best(jobs, new PlanLimits(0, 8, 4, 100L, new Ceilings(Map.of(), Map.of(rack, 1))));

        assertThat(outcome.starts())
                .extracting(start -> start.job().name() + "@" + start.startSeconds())
                .containsExactly("a@0.0", "c@0.0", "b@10.0");
    }

    @Test
    void withoutAnyRateTheTimeIsUnknown() {
        Schedule.Outcome outcome =
                Schedules.best(List.of(job("a", "s", "x", 10), job("b", "s", "x", 20)), limits(Map.of(), Map.of()));

        assertThat(outcome.seconds()).isNull();
        assertThat(outcome.starts()).extracting(start -> start.job().name()).containsExactly("b", "a");
    }

    @Test
    void aLinkThatLetsNothingThroughNeverEnds() {
        Schedule.Outcome outcome = Schedules.best(List.of(job("a", "s", "x", 10)), limits(Map.of(OUT, 0L), Map.of()));

        assertThat(outcome.seconds()).isNull();
    }

    @Test
    void aVolumeThatTakesNearlyAsLongAsAllIsNotSlowedDownByOthers() {
        Link in = new Link(Link.Scope.WORKER, "x", Link.Direction.IN);
        List<Schedule.Job> jobs = new ArrayList<>(List.of(job("giant", "s", "x", 9_000)));
        for (int i = 0; i < 4; i++) {
            jobs.add(job("to x " + i, "t", "x", 250));
            jobs.add(job("from s " + i, "s", "y", 250));
        }
        PlanLimits limits = limits(Map.of(OUT, 100L, in, 100L), Map.of());

        double seconds = Objects.requireNonNull(Schedules.best(jobs, limits).seconds());

        assertThat(LowerBound.seconds(jobs, limits)).isEqualTo(100);
        assertThat(seconds).isLessThanOrEqualTo(105);
    }

    @Test
    void theLowerBoundKnowsWhatIsNotDivided() {
        Map<Link, Integer> two = Map.of(OUT, 2);
        List<Schedule.Job> jobs = List.of(job("a", "s", "x", 40), job("b", "s", "y", 30), job("c", "s", "z", 20));

        assertThat(LowerBound.seconds(jobs, new PlanLimits(0, 16, 8, 1L, new Ceilings(Map.of(), Map.of()))))
                .as("the longest by itself")
                .isEqualTo(40);
        assertThat(LowerBound.seconds(jobs, new PlanLimits(0, 16, 8, 1L, new Ceilings(Map.of(), two))))
                .as("two of three in one place")
                .isEqualTo(50);
        assertThat(LowerBound.seconds(jobs, new PlanLimits(0, 1, 8, 1L, new Ceilings(Map.of(), Map.of()))))
                .as("one after the other")
                .isEqualTo(90);
    }

    @Test
    void generatedDrainsTakeAtMost15PercentLongerThanTheBusiestLinkNeeds() {
        double[] ratios = measure("wide", 16, 8);

        assertThat(Arrays.stream(ratios).max().orElse(0)).isLessThanOrEqualTo(1.15);
    }

    @Test
    void soTheyDoWithFewPlaces() {
        double[] ratios = measure("few places", PlanLimits.DEFAULT.perSource(), PlanLimits.DEFAULT.perDestination());

        assertThat(Arrays.stream(ratios).max().orElse(0)).isLessThanOrEqualTo(1.15);
    }

    private static double[] measure(String what, int perSource, int perDestination) {
        int[] seeds = IntStream.concat(IntStream.rangeClosed(1, 300), IntStream.rangeClosed(1_000_001, 1_000_300))
                .toArray();
        double[] ratios = new double[seeds.length];
        for (int i = 0; i < seeds.length; i++) {
            Map<Link, Long> ceilings = new HashMap<>();
            List<Schedule.Job> jobs = generated(new Random(seeds[i]), ceilings);
            PlanLimits limits = new PlanLimits(0, perSource, perDestination, null, new Ceilings(ceilings, Map.of()));
            double seconds = Objects.requireNonNull(Schedules.best(jobs, limits).seconds(), "seed " + seeds[i]);
            ratios[i] = seconds / LowerBound.seconds(jobs, limits);
            assertThat(ratios[i]).as("seed %d", seeds[i]).isGreaterThan(0.999);
        }
        Arrays.sort(ratios);
        System.out.printf(
                Locale.ROOT,
                "makespan / lower bound over %d generated drains (%s): mean %.3f, p50 %.3f, p99 %.3f, worst %.3f%n",
                seeds.length,
                what,
                Arrays.stream(ratios).average().orElse(0),
                ratios[seeds.length / 2],
                ratios[seeds.length * 99 / 100],
                ratios[seeds.length - 1]);
        return ratios;
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
