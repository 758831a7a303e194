package io.sluice.agent.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.sluice.iscsi.netty.TargetStatus;
import io.sluice.iscsi.netty.Traffic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** One set of meters for each target there is, taken out again when the target is gone. */
final class TargetMeters {

    private static final double NANOS = 1e9;

    private final MeterRegistry registry;
    private final Supplier<List<TargetStatus>> targets;
    private final Map<String, List<Meter>> meters = new HashMap<>();
    private volatile Map<String, TargetStatus> latest = Map.of();

    TargetMeters(MeterRegistry registry, Supplier<List<TargetStatus>> targets) {
        this.registry = registry;
        this.targets = targets;
    }

    /** Takes a new look at the targets: what the meters show until the next. */
    synchronized void refresh() {
        Map<String, TargetStatus> found =
                targets.get().stream().collect(Collectors.toMap(TargetStatus::name, status -> status));
        latest = found;
        found.forEach((name, status) -> meters.computeIfAbsent(name, ignored -> register(status)));
        meters.entrySet().removeIf(registered -> {
            boolean gone = !found.containsKey(registered.getKey());
            if (gone) {
                registered.getValue().forEach(registry::remove);
            }
            return gone;
        });
    }

    private List<Meter> register(TargetStatus first) {
        String target = first.name();
        List<Meter> made = new ArrayList<>();
        made.add(commands(target, "read", status -> status.traffic().reads()));
        made.add(commands(target, "write", status -> status.traffic().writes()));
        made.add(commands(target, "other", status -> status.traffic().others()));
        made.add(counter(
                "sluice.iscsi.failures",
                "Commands that ended otherwise than GOOD",
                Tags.of("target", target),
                status -> status.traffic().failures()));
        made.add(bytes(target, "read", status -> status.traffic().bytesRead()));
        made.add(bytes(target, "written", status -> status.traffic().bytesWritten()));
        made.add(gauge(
                "sluice.iscsi.sessions",
                "Sessions open now",
                target,
                status -> status.sessions().size()));
        made.add(gauge(
                "sluice.iscsi.last.io", "When the last read or write ended, seconds since 1970", target, status -> {
                    var last = status.traffic().lastIo();
                    return last == null ? Double.NaN : last.toEpochMilli() / 1e3;
                }));
        made.addAll(latencies(first));
        return made;
    }

    private Meter commands(String target, String kind, ToDoubleFunction<TargetStatus> count) {
        return counter(
                "sluice.iscsi.commands",
                "SCSI commands that ended GOOD",
                Tags.of("target", target, "kind", kind),
                count);
    }

    private Meter bytes(String target, String direction, ToDoubleFunction<TargetStatus> count) {
        return counter(
                "sluice.iscsi.bytes",
                "Content of disks that was moved",
                Tags.of("target", target, "direction", direction),
                count);
    }

    /** Buckets as Prometheus has them: each counts what lies at or below its bound. */
    private List<Meter> latencies(TargetStatus first) {
        List<Meter> made = new ArrayList<>();
        List<Traffic.Bucket> buckets = first.traffic().latency();
        for (int i = 0; i < buckets.size(); i++) {
            int upTo = i + 1;
            long bound = buckets.get(i).upToNanos();
            String le = bound == Long.MAX_VALUE ? "+Inf" : String.valueOf(bound / NANOS);
            made.add(counter(
                    "sluice.iscsi.latency.seconds.bucket",
                    "Commands by the time they took, from ready to run to their result",
                    Tags.of("target", first.name(), "le", le),
                    status -> status.traffic().latency().subList(0, upTo).stream()
                            .mapToLong(Traffic.Bucket::count)
                            .sum()));
        }
        return made;
    }

    private Meter counter(String name, String description, Tags tags, ToDoubleFunction<TargetStatus> count) {
        String target = tags.stream()
                .filter(tag -> tag.getKey().equals("target"))
                .findFirst()
                .orElseThrow()
                .getValue();
        return FunctionCounter.builder(name, this, meters -> meters.value(target, count))
                .description(description)
                .tags(tags)
                .register(registry);
    }

    private Meter gauge(String name, String description, String target, ToDoubleFunction<TargetStatus> value) {
        return Gauge.builder(name, this, meters -> meters.value(target, value))
                .description(description)
                .tag("target", target)
                .register(registry);
    }

    private double value(String target, ToDoubleFunction<TargetStatus> of) {
        TargetStatus status = latest.get(target);
        return status == null ? Double.NaN : of.applyAsDouble(status);
    }
}
