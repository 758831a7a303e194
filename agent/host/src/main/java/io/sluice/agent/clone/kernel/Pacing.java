package io.sluice.agent.clone.kernel;

import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.HydrationPaceReport;
import io.sluice.agent.clone.pace.CopyGate;
import io.sluice.agent.clone.pace.GuestLoad;
import io.sluice.agent.clone.pace.GuestThrottle;
import io.sluice.agent.clone.pace.HydrationController;
import io.sluice.agent.clone.pace.HydrationPace;
import io.sluice.agent.clone.pace.HydrationPolicy;
import io.sluice.agent.clone.pace.HydrationSample;
import io.sluice.agent.devicemapper.CloneStatus;
import io.sluice.agent.devicemapper.DeviceInfo;
import io.sluice.agent.devicemapper.DeviceName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Drives the copying of one clone: each second it measures, has the controller decide, and tells the kernel what changed; where there
 * is a ceiling, it looks more often and lets it copy by turns. For one thread at a time.
 */
final class Pacing {
    /** Over so many seconds the rate is reported. */
    private static final int RATE_SECONDS = 4;

    private final KernelParts parts;
    private final HydrationPolicy policy;
    private final CloneRecord record;
    private final DeviceName clone;
    private HydrationPace pace = HydrationPace.START;
    private DiskCounters counters = DiskCounters.ZERO;
    private long hydratedBefore = -1;
    private final Deque<Long> copied = new ArrayDeque<>();
    private @Nullable GuestThrottle throttle;
    /** Whether the workload was found in that state; until it was, it may be held back by what an earlier agent set. */
    private boolean throttleKnown;

    private long thresholdTold = -1;
    private long batchTold = -1;
    private CopyGate gate = CopyGate.SHUT;
    private @Nullable Instant gateSeen;
    private long gateRegions;
    private boolean heldBack;

    Pacing(KernelParts parts, HydrationPolicy policy, CloneRecord record) {
        this.parts = parts;
        this.policy = policy;
        this.record = record;
        this.clone = DeviceName.clone(record.volume());
    }

    /** One second is over. Every message may be sent twice: it names the value to be in force. */
    void tick(CloneStatus.Working now, HydrationOrder order, Instant time) {
        long done = copiedSinceLastTick(now);
        GuestLoad guest = guestSinceLastTick();
        if (now.complete()) {
            release();
            return;
        }
        if (order.paused()) {
            pause(now);
            return;
        }
        boolean mayThrottle = parts.throttles().possible(record.volume());
        HydrationController controller = new HydrationController(mayThrottle ? policy : policy.withoutThrottle());
        pace = controller.next(
                pace,
                sample(now, order, time, new HydrationSample.Seen(done, now.hydratingRegions(), guest, heldBack)));
        heldBack = false;
        if (order.bytesPerSecond() == null) {
            gate = CopyGate.SHUT;
            gateSeen = null;
        }
        apply(now, order);
        if (mayThrottle) {
            limit(pace.throttle());
        } else {
            // no workload is found: what held one back went with it, and the next is looked at when it is there
            throttle = null;
            throttleKnown = false;
        }
    }

    /** Some time is over, less than a second. Returns when this is due again; null where there is no ceiling to keep to. */
    @Nullable
    Duration keepCeiling(CloneStatus.Working now, HydrationOrder order, Instant time) {
        Long limit = order.bytesPerSecond();
        if (limit == null || order.paused() || now.complete()) {
            return null;
        }
        Instant before = gateSeen;
        if (before != null) {
            long copiedBytes = Math.max(0, now.hydratedRegions() - gateRegions) * record.regionBytes();
            gate = gate.after(Duration.between(before, time), copiedBytes, limit);
        }
        gateSeen = time;
        gateRegions = now.hydratedRegions();
        heldBack |= !gate.open();
        tellThreshold(order);
        return gate.look(limit);
    }

    HydrationPaceReport report() {
        return new HydrationPaceReport(pace.threshold(), pace.batch(), throttle != null, pace.words());
    }

    long bytesPerSecond() {
        return (long) copied.stream().mapToLong(Long::longValue).average().orElse(0);
    }

    /** The workload is held back no longer. Harmless when repeated. */
    void release() {
        limit(null);
    }

    private void pause(CloneStatus.Working now) {
        release();
        if (now.hydrationOn()) {
            parts.mapper().message(clone, "disable_hydration");
        }
    }

    private void apply(CloneStatus.Working now, HydrationOrder order) {
        if (batchTold != pace.batch()) {
            parts.mapper().message(clone, "hydration_batch_size", Integer.toString(pace.batch()));
            batchTold = pace.batch();
        }
        tellThreshold(order);
        if (!now.hydrationOn()) {
            parts.mapper().message(clone, "enable_hydration");
        }
    }

    /** A threshold of 0 shuts it out (drivers/md/dm-clone-target.c, set_hydration_threshold). */
    private void tellThreshold(HydrationOrder order) {
        int threshold = order.bytesPerSecond() == null || gate.open() ? pace.threshold() : 0;
        if (thresholdTold != threshold) {
            parts.mapper().message(clone, "hydration_threshold", Integer.toString(threshold));
            thresholdTold = threshold;
        }
    }

    /** One that is to be held back is so each time: it may have been started anew since, and then is free. */
    private void limit(@Nullable GuestThrottle wanted) {
        if (wanted == null && throttle == null && throttleKnown) {
            return;
        }
        DeviceInfo disk = parts.mapper().find(DeviceName.disk(record.volume()));
        if (disk != null) {
            throttleKnown = parts.throttles().limit(record.volume(), disk.number(), wanted);
            throttle = throttleKnown ? wanted : null;
        }
    }

    private long copiedSinceLastTick(CloneStatus.Working now) {
        long regions = hydratedBefore < 0 ? 0 : Math.max(0, now.hydratedRegions() - hydratedBefore);
        hydratedBefore = now.hydratedRegions();
        copied.addLast(regions * record.regionBytes());
        if (copied.size() > RATE_SECONDS) {
            copied.removeFirst();
        }
        return regions * record.regionBytes();
    }

    /** At the disk that the workload uses: what the copying itself does is not in it. */
    private GuestLoad guestSinceLastTick() {
        DeviceInfo era = parts.mapper().find(DeviceName.era(record.volume()));
        if (era == null) {
            return GuestLoad.NONE;
        }
        DiskCounters now = DiskCounters.read(parts.sysfs(), era.number());
        DiskCounters since = now.since(counters);
        counters = now;
        return new GuestLoad(since.operations(), since.bytes());
    }

    private HydrationSample sample(
            CloneStatus.Working now, HydrationOrder order, Instant time, HydrationSample.Seen seen) {
        Long since = record.hydratingSince();
        Instant began = since == null ? time : Instant.ofEpochSecond(since);
        Instant deadline = deadline(began, order);
        long bytesLeft = (now.regions() - now.hydratedRegions()) * record.regionBytes();
        CloneRecord.Holes holes = record.holes();
        return new HydrationSample(
                record.regionBytes(),
                Duration.ofNanos(holes == null ? 0 : holes.roundTripNanos()),
                seen,
                new HydrationSample.Goal(
                        bytesLeft,
                        notNegative(Duration.between(time, deadline)),
                        notNegative(Duration.between(began, deadline)),
                        order.bytesPerSecond()));
    }

    /** Its drain may be in a greater hurry than the pace that every volume is promised. */
    private Instant deadline(Instant began, HydrationOrder order) {
        Instant promised = began.plus(policy.allowed(record.sizeBytes()));
        Long ordered = order.deadlineEpochSecond();
        return ordered == null || ordered >= promised.getEpochSecond() ? promised : Instant.ofEpochSecond(ordered);
    }

    private static Duration notNegative(Duration time) {
        return time.isNegative() ? Duration.ZERO : time;
    }
}
