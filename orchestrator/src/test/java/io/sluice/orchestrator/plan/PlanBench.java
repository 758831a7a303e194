package io.sluice.orchestrator.plan;

import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.orchestrator.fleet.FleetSnapshot;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/**
 * How long it takes to plan a worker of 1,000 volumes over 1,000 and over 10,000 workers of ten volumes each, and to check the plan: wall
 * clock and time on a processor, which differ on a busy machine. Run its main; the first rounds warm up.
 */
final class PlanBench {
    private static final WorkerId SOURCE = new WorkerId("source");

    private PlanBench() {}

    public static void main(String[] arguments) {
        int rounds = arguments.length == 0 ? 5 : Integer.parseInt(arguments[0]);
        System.out.println("workers  free   placed  refused  plan ms (cpu)   check ms (cpu)");
        for (int workers : List.of(1_000, 10_000)) {
            for (boolean tight : List.of(false, true)) {
                measure(workers, tight, rounds);
            }
        }
    }

    private static void measure(int workers, boolean tight, int rounds) {
        FleetSnapshot fleet = fleet(workers, tight);
        List<long[]> times = new ArrayList<>();
        DrainPlan plan = DrainPlanner.plan(fleet, SOURCE, PlanLimits.DEFAULT);
        for (int round = 0; round < rounds; round++) {
            long[] time = {System.nanoTime(), cpu(), 0, 0, 0, 0};
            plan = DrainPlanner.plan(fleet, SOURCE, PlanLimits.DEFAULT);
            time[2] = System.nanoTime();
            time[3] = cpu();
            if (!PlanCheck.violations(plan, fleet, PlanLimits.DEFAULT).isEmpty()) {
                throw new AssertionError("the plan is unsound");
            }
            time[4] = System.nanoTime();
            time[5] = cpu();
            times.add(time);
        }
        System.out.printf(
                Locale.ROOT,
                "%7d  %-5s %7d %8d %8.0f (%4.0f) %9.0f (%4.0f)%n",
                workers,
                tight ? "tight" : "ample",
                plan.placements().size(),
                plan.refusals().size(),
                least(times, 0, 2),
                least(times, 1, 3),
                least(times, 2, 4),
                least(times, 3, 5));
    }

    private static double least(List<long[]> times, int from, int to) {
        return times.stream()
                .mapToDouble(time -> (time[to] - time[from]) / 1e6)
                .min()
                .orElse(0);
    }

    private static long cpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static FleetSnapshot fleet(int workers, boolean tight) {
        Random random = new Random(1);
        Fleets fleet = new Fleets();
        Fleets.Host source = fleet.host("source").pool("main", 100_000).at("r", "z0", "k0");
        for (int i = 0; i < 1_000; i++) {
            String name = "s" + i;
            source.volume(name, 1 + random.nextInt(100))
                    .workload(
                            "app-" + name,
                            random.nextInt(10) == 0 ? "g" + random.nextInt(500) : null,
                            Map.of(),
                            new ResourceRequest(100 + random.nextInt(2_000), (1 + random.nextInt(8)) * Fleets.GIB),
                            WorkloadStatus.RUNNING,
                            name);
        }
        for (int w = 0; w < workers; w++) {
            Fleets.Host host = fleet.host("w" + w)
                    .pool("main", tight ? 250 + random.nextInt(100) : 1_000)
                    .at("r", "z" + w % 10, "k" + w % 400);
            for (int i = 0; i < 10; i++) {
                String name = "w" + w + "-" + i;
                host.volume(name, 1 + random.nextInt(50))
                        .workload(
                                "app-" + name,
                                random.nextInt(10) == 0 ? "g" + random.nextInt(500) : null,
                                Map.of(),
                                new ResourceRequest(random.nextInt(2_000), random.nextInt(8) * Fleets.GIB),
                                WorkloadStatus.RUNNING,
                                name);
            }
        }
        return fleet.snapshot();
    }
}
