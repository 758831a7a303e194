package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Link;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Runs migrations on paper. Whenever something ends, what waits begins where every ceiling lets it, first what crosses the link
 * that has most left to carry; but nothing begins while what runs fills the busiest link of its way, for it would finish no
 * sooner and only make more workloads depend on two hosts. What runs shares the links as {@link BandwidthAllocator} says.
 */
final class Schedule {
    /** A way counts as filled when less than this part of a ceiling is free on it. */
    private static final long FILLED = 50;

    private final List<Job> waiting;
    private final PlanLimits limits;
    private final Map<Link, Integer> crossing = new HashMap<>();
    private final Map<WorkerId, Integer> leaving = new HashMap<>();
    private final Map<WorkerId, Integer> entering = new HashMap<>();
    private final Map<Link, Double> ahead = new HashMap<>();
    private final List<Run> running = new ArrayList<>();
    private final List<Run> begun = new ArrayList<>();
    private double now;

    /**
     * One migration to come.
     *
     * @param links all it crosses
     * @param bytes to be copied
     */
    record Job(String name, WorkerId source, WorkerId destination, SequencedSet<Link> links, long bytes) {}

    /**
     * When a migration begins and has copied everything.
     *
     * @param endSeconds null when no ceiling says how fast it goes
     */
    record Start(Job job, double startSeconds, @Nullable Double endSeconds) {}

    /**
     * @param starts in the order in which they begin
     * @param seconds until the last has copied everything; null when no ceiling says how fast it goes
     * @param mostExposedBytes the most that was still to be copied, at any time, of migrations under way
     */
    record Outcome(List<Start> starts, @Nullable Double seconds, long mostExposedBytes) {}

    private static final class Run {
        private final Job job;
        private final double start;
        private double left;
        private double rate;
        private @Nullable Double end;

        Run(Job job, double start) {
            this.job = job;
            this.start = start;
            this.left = job.bytes();
        }
    }

    private Schedule(List<Job> jobs, PlanLimits limits) {
        this.waiting = new ArrayList<>(jobs);
        this.limits = limits;
        for (Job job : jobs) {
            ahead(job, (double) job.bytes());
        }
    }

    static Outcome run(List<Job> jobs, PlanLimits limits) {
        return new Schedule(jobs, limits).run();
    }

    /**
     * No schedule is shorter: over the links with a ceiling, the most seconds that all bytes across one take at that ceiling, and
     * over the migrations, what each takes by itself at the most it can use.
     */
    static double lowerBound(List<Job> jobs, PlanLimits limits) {
        Map<Link, Double> bytes = new HashMap<>();
        double bound = 0;
        for (Job job : jobs) {
            job.links().forEach(link -> bytes.merge(link, (double) job.bytes(), Double::sum));
            if (limits.bytesPerSecond() != null) {
                bound = Math.max(bound, (double) job.bytes() / limits.bytesPerSecond());
            }
        }
        for (Map.Entry<Link, Long> ceiling : limits.ceilings().bytesPerSecond().entrySet()) {
            bound = Math.max(bound, bytes.getOrDefault(ceiling.getKey(), 0.0) / ceiling.getValue());
        }
        return bound;
    }

    private Outcome run() {
        double exposed = 0;
        while (!waiting.isEmpty() || !running.isEmpty()) {
            begin();
            exposed = Math.max(
                    exposed, running.stream().mapToDouble(run -> run.left).sum());
            double step = Double.POSITIVE_INFINITY;
            for (Run run : running) {
                step = Math.min(step, run.left / run.rate);
            }
            if (running.isEmpty()
                    || running.stream().anyMatch(run -> run.rate >= BandwidthAllocator.UNLIMITED)
                    || Double.isInfinite(step)
                    || Double.isNaN(step)) {
                return unknown((long) exposed);
            }
            advance(step);
        }
        return new Outcome(starts(), now, (long) exposed);
    }

    private List<Start> starts() {
        return begun.stream().map(run -> new Start(run.job, run.start, run.end)).toList();
    }

    /** Nothing says how fast it goes: what waits follows in the order in which it would be asked. */
    private Outcome unknown(long exposed) {
        List<Start> order = new ArrayList<>(starts());
        waiting.forEach(job -> order.add(new Start(job, now, null)));
        return new Outcome(order, null, exposed);
    }

    private void advance(double step) {
        now += step;
        List<Run> ended = new ArrayList<>();
        for (Run run : running) {
            double copied = Math.min(run.left, run.rate * step);
            run.left -= copied;
            ahead(run.job, -copied);
            if (run.left < 1) {
                ended.add(run);
            }
        }
        for (Run run : ended) {
            running.remove(run);
            count(run.job, -1);
            run.end = now;
        }
    }

    private void begin() {
        IdentityHashMap<Job, Double> seconds = new IdentityHashMap<>();
        waiting.forEach(job -> seconds.put(job, secondsAhead(job)));
        waiting.sort(Comparator.comparingDouble((Job job) -> seconds.getOrDefault(job, 0.0))
                .thenComparingLong(Job::bytes)
                .reversed()
                .thenComparing(Job::name));
        Map<Link, Double> used = share();
        for (Job job : List.copyOf(waiting)) {
            if (admitted(job) && !filled(job, used)) {
                waiting.remove(job);
                Run run = new Run(job, now);
                running.add(run);
                begun.add(run);
                count(job, 1);
                used = share();
            }
        }
    }

    /** Of the links it crosses, the most seconds of work that one has ahead. */
    private double secondsAhead(Job job) {
        double most = 0;
        if (!limits.ceilings().bytesPerSecond().isEmpty()) {
            for (Link link : job.links()) {
                Long ceiling = limits.ceilings().bytesPerSecond().get(link);
                if (ceiling != null && ceiling > 0) {
                    most = Math.max(most, ahead.getOrDefault(link, 0.0) / ceiling);
                }
            }
        }
        return most;
    }

    private void ahead(Job job, double bytes) {
        job.links().forEach(link -> ahead.merge(link, bytes, Double::sum));
    }

    private void count(Job job, int by) {
        leaving.merge(job.source(), by, Integer::sum);
        entering.merge(job.destination(), by, Integer::sum);
        job.links().forEach(link -> crossing.merge(link, by, Integer::sum));
    }

    private boolean admitted(Job job) {
        return leaving.getOrDefault(job.source(), 0) < limits.perSource()
                && entering.getOrDefault(job.destination(), 0) < limits.perDestination()
                && job.links().stream()
                        .allMatch(link -> crossing.getOrDefault(link, 0)
                                < limits.ceilings().migrations().getOrDefault(link, Integer.MAX_VALUE));
    }

    /**
     * Whether what runs fills the link of the job's way that has most seconds of work ahead. Where another link of it is full,
     * the job begins all the same: the one that ends last must not stand idle meanwhile.
     */
    private boolean filled(Job job, Map<Link, Double> used) {
        Link busiest = null;
        double most = 0;
        for (Link link : job.links()) {
            Long ceiling = limits.ceilings().bytesPerSecond().get(link);
            if (ceiling != null && ceiling > 0 && ahead.getOrDefault(link, 0.0) / ceiling > most) {
                busiest = link;
                most = ahead.getOrDefault(link, 0.0) / ceiling;
            }
        }
        if (busiest == null || crossing.getOrDefault(busiest, 0) == 0) {
            return false;
        }
        double ceiling = limits.ceilings().bytesPerSecond().getOrDefault(busiest, 0L);
        return used.getOrDefault(busiest, 0.0) > ceiling - ceiling / FILLED;
    }

    /** Gives what runs its rates; answers what each link carries. */
    private Map<Link, Double> share() {
        Long each = limits.bytesPerSecond();
        List<BandwidthAllocator.Flow<Link>> flows = running.stream()
                .map(run -> new BandwidthAllocator.Flow<Link>(
                        run.job.links(), 1, each == null ? BandwidthAllocator.UNLIMITED : each))
                .toList();
        List<Long> rates = BandwidthAllocator.share(flows, limits.ceilings().bytesPerSecond());
        Map<Link, Double> used = new HashMap<>();
        for (int i = 0; i < rates.size(); i++) {
            Run run = running.get(i);
            run.rate = rates.get(i);
            run.job.links().forEach(link -> used.merge(link, run.rate, Double::sum));
        }
        return used;
    }
}
