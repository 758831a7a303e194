package io.sluice.orchestrator.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Seeks an order in which all is over soon. A run on paper that ends well above what no schedule can fall below is repeated: what
 * ended late, or only what ended last, goes first, and is not slowed down by others below the pace that it needs. Two ways to order
 * the rest and three paces are tried, bounded in number; the shortest run is the schedule. Where that is still poor, a long one is
 * mostly what the others wait for: then it gets more time, for those that fill its way beside it. The same migrations always get the same
 * schedule.
 */
final class Schedules {
    /** Times the lower bound: what is no longer is not improved on. */
    private static final double GOOD = 1.05;

    /** So often the late ones of one run are put first in the next, for each way and pace. */
    private static final int REPEATS = 10;

    /** A run takes time as the square of the migrations: 100 of them may be run 100 times, 1,000 once more. */
    private static final long MOST_WORK = 1_000_000;

    private static final double[] PACES = {GOOD, 1, 0};

    /** Times the lower bound: what is longer after all this is worth another try, until it is no longer than that. */
    private static final double POOR = 1.1;

    /** That try is for small drains; in large ones, no single migration is what the others wait for. */
    private static final long MORE_WORK = MOST_WORK / 3;

    private static final double[] MORE_PACES = {POOR, GOOD, 1};
    private static final boolean[] EITHER = {false, true};

    private final List<Schedule.Job> jobs;
    private final PlanLimits limits;
    private final double bound;
    private double enough;
    private long work = MOST_WORK;
    private Schedule.Outcome best;
    private double bestSeconds;

    private Schedules(List<Schedule.Job> jobs, PlanLimits limits, Schedule.Outcome first, double seconds) {
        this.jobs = jobs;
        this.limits = limits;
        this.bound = LowerBound.seconds(jobs, limits);
        this.enough = GOOD * bound;
        this.best = first;
        this.bestSeconds = seconds;
    }

    static Schedule.Outcome best(List<Schedule.Job> jobs, PlanLimits limits) {
        Schedule.Outcome first = Schedule.run(jobs, limits, Bias.NONE);
        Double seconds = first.seconds();
        return seconds == null ? first : new Schedules(jobs, limits, first, seconds).improved(first);
    }

    private Schedule.Outcome improved(Schedule.Outcome first) {
        seek(first, PACES, false);
        if (bestSeconds > POOR * bound && once() <= MORE_WORK) {
            enough = POOR * bound;
            work = MORE_WORK;
            seek(first, MORE_PACES, true);
            seek(first, MORE_PACES, false);
        }
        return best;
    }

    private void seek(Schedule.Outcome first, double[] paces, boolean filling) {
        for (boolean lastAlone : EITHER) {
            for (boolean wholeWay : EITHER) {
                for (double pace : paces) {
                    repeat(first, lastAlone, new Bias(wholeWay, Map.of(), pace * bound, filling));
                }
            }
        }
    }

    private void repeat(Schedule.Outcome first, boolean lastAlone, Bias way) {
        Map<String, Integer> late = new HashMap<>();
        Schedule.Outcome last = first;
        for (int i = 0; i < REPEATS && goOn(); i++) {
            Double seconds = last.seconds();
            count(late, last, lastAlone && seconds != null ? seconds : GOOD * bound);
            last = run(way.with(late));
        }
    }

    private boolean goOn() {
        return bestSeconds > enough && work > 0;
    }

    private long once() {
        return (long) jobs.size() * jobs.size();
    }

    private Schedule.Outcome run(Bias bias) {
        work -= once();
        Schedule.Outcome outcome = Schedule.run(jobs, limits, bias);
        Double seconds = outcome.seconds();
        if (seconds != null && seconds < bestSeconds) {
            best = outcome;
            bestSeconds = seconds;
        }
        return outcome;
    }

    private static void count(Map<String, Integer> late, Schedule.Outcome outcome, double after) {
        for (Schedule.Start start : outcome.starts()) {
            Double end = start.endSeconds();
            if (end != null && end >= after) {
                late.merge(start.job().name(), 1, Integer::sum);
            }
        }
    }
}
