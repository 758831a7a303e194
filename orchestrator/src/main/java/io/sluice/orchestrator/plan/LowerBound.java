package io.sluice.orchestrator.plan;

import io.sluice.orchestrator.fleet.Link;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Seconds that no schedule falls below, for four reasons:
 *
 * <ol>
 *   <li>All bytes across a link need at least what they take at its ceiling.
 *   <li>A migration is not divided: by itself it takes its bytes at the narrowest ceiling of its way, or at the rate one
 *       migration may have. Call that its length.
 *   <li>Where at most k may be under way, each holds one of k places for its length at least: all lengths together, divided by k.
 *   <li>Of the k + 1 longest of them two follow each other in one place: the two shortest of these lengths together.
 * </ol>
 */
final class LowerBound {
    private final PlanLimits limits;
    private final Map<Link, Double> bytes = new HashMap<>();
    private final Map<Object, List<Double>> lengths = new HashMap<>();
    private final Map<Object, Integer> places = new HashMap<>();
    private double seconds;

    /** One end's places, which are limited apart from every ceiling. */
    private record End(boolean source, Object worker) {}

    private LowerBound(PlanLimits limits) {
        this.limits = limits;
    }

    static double seconds(List<Schedule.Job> jobs, PlanLimits limits) {
        LowerBound bound = new LowerBound(limits);
        jobs.forEach(bound::count);
        bound.bytes.forEach((link, sum) -> {
            Long ceiling = limits.ceilings().bytesPerSecond().get(link);
            if (ceiling != null) {
                bound.atLeast(sum / ceiling);
            }
        });
        bound.lengths.forEach((where, some) -> bound.inPlaces(some, bound.places.getOrDefault(where, 1)));
        return bound.seconds;
    }

    private void count(Schedule.Job job) {
        double length = length(job);
        atLeast(length);
        place(new End(true, job.source()), limits.perSource(), length);
        place(new End(false, job.destination()), limits.perDestination(), length);
        for (Link link : job.links()) {
            bytes.merge(link, (double) job.bytes(), Double::sum);
            Integer most = limits.ceilings().migrations().get(link);
            if (most != null) {
                place(link, most, length);
            }
        }
    }

    private double length(Schedule.Job job) {
        Long each = limits.bytesPerSecond();
        double length = each == null ? 0 : (double) job.bytes() / each;
        for (Link link : job.links()) {
            Long ceiling = limits.ceilings().bytesPerSecond().get(link);
            length = ceiling == null ? length : Math.max(length, (double) job.bytes() / ceiling);
        }
        return length;
    }

    private void place(Object where, int most, double length) {
        places.put(where, most);
        lengths.computeIfAbsent(where, key -> new ArrayList<>()).add(length);
    }

    private void inPlaces(List<Double> some, int most) {
        atLeast(some.stream().mapToDouble(Double::doubleValue).sum() / most);
        if (some.size() > most) {
            some.sort(Comparator.reverseOrder());
            atLeast(some.get(most - 1) + some.get(most));
        }
    }

    private void atLeast(double more) {
        seconds = Math.max(seconds, more);
    }
}
