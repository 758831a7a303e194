package io.sluice.orchestrator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Empties each machine of the ROADEF/EURO 2012 instances in turn and prints which share of its processes finds no place:
 * with plain best-fit, with the planner, and at least (what fits nowhere even alone). The instances are not part of the project;
 * the folder with {@code model_NAME.txt} and {@code assignment_NAME.sol} is named by the property {@code sluice.roadef}.
 */
@EnabledIfSystemProperty(
        named = RoadefTest.FOLDER,
        matches = ".+",
        disabledReason = "instances are not part of the project: give their folder as -Dsluice.roadef=FOLDER")
class RoadefTest {
    static final String FOLDER = "sluice.roadef";

    /** Time on a processor, for others may use the machine too. */
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    /** What became of the processes of an instance, over all its machines. */
    private static final class Tally {
        private int processes;
        private int bestFit;
        private int planner;
        private int alone;
        private int bound;
        private long nanos;
        private long slowest;

        String line(String name, int drains) {
            return String.format(
                    Locale.ROOT,
                    "%-6s %6d %10d %10.1f %9.1f %8.1f %8.1f %10.1f %10.1f",
                    name,
                    drains,
                    processes,
                    share(bestFit),
                    share(planner),
                    share(alone),
                    share(bound),
                    nanos / 1e6 / drains,
                    slowest / 1e6);
        }

        private double share(int count) {
            return 100.0 * count / processes;
        }
    }

    @Test
    void thePlannerLeavesLessThanBestFitAndBreaksNoRule() {
        Path folder = Path.of(System.getProperty(FOLDER, ""));
        List<String> table = new ArrayList<>();
        table.add("       drains  processes  best-fit%  planner%   alone%   bound%    mean ms     max ms");
        int left = 0;
        int leftByBestFit = 0;
        for (String name : Roadef.names(folder)) {
            Roadef instance = Roadef.read(folder, name);
            assertThat(instance.books().violations()).as(name).isEmpty();
            FleetSnapshot fleet = RoadefFleet.of(instance);
            Tally tally = new Tally();
            int drains = 0;
            for (int machine = 0; machine < instance.machines().size(); machine++) {
                if (!instance.on(machine).isEmpty()) {
                    drain(instance, fleet, machine, tally);
                    drains++;
                }
            }
            table.add(tally.line(name, drains));
            left += tally.planner;
            leftByBestFit += tally.bestFit;
            assertThat(tally.planner).as("left by the planner in %s", name).isLessThanOrEqualTo(tally.bestFit);
        }
        table.forEach(System.out::println);
        assertThat(left).isLessThanOrEqualTo(leftByBestFit);
    }

    private static void drain(Roadef instance, FleetSnapshot fleet, int machine, Tally tally) {
        List<Integer> leaving = instance.on(machine);
        tally.processes += leaving.size();
        tally.bestFit += leaving.size() - bestFit(instance, machine);
        tally.alone += alone(instance, machine);
        tally.bound += Math.max(alone(instance, machine), leaving.size() - most(instance, machine));
        long before = CPU.getCurrentThreadCpuTime();
        DrainPlan plan = DrainPlanner.plan(fleet, new WorkerId("m" + machine), Fleets.NO_HEADROOM);
        long took = CPU.getCurrentThreadCpuTime() - before;
        tally.nanos += took;
        tally.slowest = Math.max(tally.slowest, took);
        tally.planner += plan.refusals().size();
        assertThat(plan.placements().size() + plan.refusals().size()).isEqualTo(leaving.size());
        assertThat(PlanCheck.violations(plan, fleet, Fleets.NO_HEADROOM)).isEmpty();
        Roadef.Books books = instance.books();
        plan.placements()
                .forEach(placement -> books.move(
                        number(placement.cargo().name()),
                        number(placement.destination().value())));
        assertThat(books.violations())
                .as("machine %d of %s emptied", machine, instance.name())
                .isEmpty();
        assertThat(books.moved()).allMatch(leaving::contains);
    }

    private static int number(String name) {
        return Integer.parseInt(name.substring(1));
    }

    /** Largest first, each where least is left. */
    private static int bestFit(Roadef instance, int machine) {
        Roadef.Books books = instance.books();
        int placed = 0;
        for (int process : largestFirst(instance, machine)) {
            int best = IntStream.range(0, instance.machines().size())
                    .filter(to -> to != machine && books.allows(process, to))
                    .boxed()
                    .min(Comparator.comparingDouble(to -> left(instance, books, to)))
                    .orElse(-1);
            if (best >= 0) {
                books.move(process, best);
                placed++;
            }
        }
        return placed;
    }

    private static List<Integer> largestFirst(Roadef instance, int machine) {
        return instance.on(machine).stream()
                .sorted(Comparator.comparingDouble((Integer process) -> -size(instance, process)))
                .toList();
    }

    private static double size(Roadef instance, int process) {
        return IntStream.range(0, instance.resources())
                .mapToDouble(r -> (double) instance.processes().get(process).requirements()[r]
                        / instance.machines().stream()
                                .mapToLong(machine -> machine.capacities()[r])
                                .sum())
                .sum();
    }

    private static double left(Roadef instance, Roadef.Books books, int machine) {
        return IntStream.range(0, instance.resources())
                .mapToDouble(r -> (double) books.free(machine, r)
                        / Math.max(1, instance.machines().get(machine).capacities()[r]))
                .sum();
    }

    private static int alone(Roadef instance, int machine) {
        Roadef.Books books = instance.books();
        return (int) instance.on(machine).stream()
                .filter(process -> IntStream.range(0, instance.machines().size())
                        .noneMatch(to -> to != machine && books.allowsAlone(process, to)))
                .count();
    }

    /** No more than so many can find a place: as if all room of one resource were in one piece, for the scarcest resource. */
    private static int most(Roadef instance, int machine) {
        Roadef.Books books = instance.books();
        int most = instance.on(machine).size();
        for (int r = 0; r < instance.resources(); r++) {
            int resource = r;
            long room = IntStream.range(0, instance.machines().size())
                    .filter(to -> to != machine)
                    .mapToLong(to -> books.free(to, resource))
                    .sum();
            long[] smallestFirst = instance.on(machine).stream()
                    .mapToLong(process -> instance.processes().get(process).requirements()[resource])
                    .sorted()
                    .toArray();
            int fitting = 0;
            for (long size : smallestFirst) {
                room -= size;
                fitting += room >= 0 ? 1 : 0;
            }
            most = Math.min(most, fitting);
        }
        return most;
    }

    @Test
    void theFleetSaysWhatTheInstanceSays() {
        Path folder = Path.of(System.getProperty(FOLDER, ""));
        for (String name : Roadef.names(folder)) {
            Roadef instance = Roadef.read(folder, name);
            FleetSnapshot fleet = RoadefFleet.of(instance);
            assertThat(fleet.workers()).hasSameSizeAs(instance.machines());
            assertThat(fleet.workers().stream()
                            .mapToInt(worker -> worker.report() == null
                                    ? 0
                                    : worker.report().workloads().size())
                            .sum())
                    .isEqualTo(instance.assignment().length);
        }
    }
}
