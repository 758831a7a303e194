package io.sluice.orchestrator.plan;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Link;
import java.util.ArrayList;
import java.util.Arrays;
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
 * sooner and only make more workloads depend on two hosts. What runs shares the links as {@link BandwidthAllocator} says. A
 * {@link Bias} lets what came late in an earlier run go first.
 */
final class Schedule {
    /** A way counts as filled when less than this part of a ceiling is free on it. */
    private static final long FILLED = 50;

    private final List<Job> waiting;
    private final PlanLimits limits;
    private final Bias bias;
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

    private Schedule(List<Job> jobs, PlanLimits limits, Bias bias) {
        this.waiting = new ArrayList<>(jobs);
        this.limits = limits;
        this.bias = bias;
        for (Job job : jobs) {
            ahead(job, (double) job.bytes());
        }
    }

    static Outcome run(List<Job> jobs, PlanLimits limits, Bias bias) {
        return new Schedule(jobs, limits, bias).run();
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
        waiting.sort(order());
        Map<Link, Double> used = share();
        for (Job job : List.copyOf(waiting)) {
            if (admitted(job) && (bias.late(job.name()) > 0 || !filled(job, used))) {
                used = attempt(job, used);
            }
        }
    }

    /** Lets it begin, unless that would take from what was late before what it needs; answers what each link carries then. */
    private Map<Link, Double> attempt(Job job, Map<Link, Double> used) {
        double[] before = running.stream().mapToDouble(run -> run.rate).toArray();
        Run run = new Run(job, now);
        running.add(run);
        Map<Link, Double> more = share();
        for (int i = 0; i < before.length; i++) {
            Run other = running.get(i);
            if (bias.late(other.job.name()) > 0 && other.rate < before[i] && !givesWay(other, before[i], run)) {
                running.removeLast();
                share();
                return used;
            }
        }
        waiting.remove(job);
        begun.add(run);
        count(job, 1);
        return more;
    }

    /** Whether a late one keeps its pace, or fills its way better, slowed down by what begins. */
    private boolean givesWay(Run late, double before, Run more) {
        if (!bias.filling()) {
            return bias.allows(now, late.left, late.rate);
        }
        Link busiest = busiest(late.job);
        return busiest != null
                && more.rate > 0
                && more.job.links().contains(busiest)
                && bias.allows(now, late.left, before, late.rate, more.left / more.rate);
    }

    private Comparator<Job> order() {
        IdentityHashMap<Job, double[]> ahead = new IdentityHashMap<>();
        waiting.forEach(job -> ahead.put(job, secondsAhead(job)));
        Comparator<Job> busiest = (one, other) -> Arrays.compare(ahead.get(one), ahead.get(other));
        return Comparator.comparingInt((Job job) -> bias.late(job.name()))
                .thenComparing(busiest)
                .thenComparingLong(Job::bytes)
                .reversed()
                .thenComparing(Job::name);
    }

    /** How many seconds of work the links it crosses have ahead, most first; of the busiest alone unless the whole way counts. */
    private double[] secondsAhead(Job job) {
        double[] least = new double[job.links().size()];
        int i = 0;
        for (Link link : job.links()) {
            Long ceiling = limits.ceilings().bytesPerSecond().get(link);
            least[i++] = ceiling == null || ceiling == 0 ? 0 : -ahead.getOrDefault(link, 0.0) / ceiling;
        }
        Arrays.sort(least);
        double[] most = new double[bias.wholeWay() ? least.length : Math.min(1, least.length)];
        for (int k = 0; k < most.length; k++) {
            most[k] = -least[k];
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
        Link busiest = busiest(job);
        if (busiest == null || crossing.getOrDefault(busiest, 0) == 0) {
            return false;
        }
        double ceiling = limits.ceilings().bytesPerSecond().getOrDefault(busiest, 0L);
        return used.getOrDefault(busiest, 0.0) > ceiling - ceiling / FILLED;
    }

    /** The link of its way that has most seconds of work ahead; null when none of it has a ceiling. */
    private @Nullable Link busiest(Job job) {
        Link busiest = null;
        double most = 0;
        for (Link link : job.links()) {
            Long ceiling = limits.ceilings().bytesPerSecond().get(link);
            if (ceiling != null && ceiling > 0 && ahead.getOrDefault(link, 0.0) / ceiling > most) {
                busiest = link;
                most = ahead.getOrDefault(link, 0.0) / ceiling;
            }
        }
        return busiest;
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
