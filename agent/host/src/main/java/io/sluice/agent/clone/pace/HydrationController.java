package io.sluice.agent.clone.pace;

import io.sluice.agent.clone.pace.HydrationSample.Goal;
import io.sluice.agent.clone.pace.HydrationSample.Seen;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides each second how dm-clone copies. The kernel starts a copy only in a moment without guest I/O
 * (drivers/md/dm-clone-target.c, do_hydration), so a busy guest starves it at stock settings: then each such moment must count
 * for more, and if that is too little as the deadline comes near, the guest is made to leave some. Pure: the pace before and
 * what was seen since give the pace from now on.
 */
public final class HydrationController {
    /** Below, a guest hardly keeps copies from being started. */
    private static final long IDLE_OPERATIONS = 5;

    /** Times bandwidth and round trip that should be in flight: 2 to 4 fill the way there. */
    private static final int FILL = 3;

    /** Until a rate was seen: 1 Gbit/s. The first second shows more where there is more; too much would make a guest wait at once. */
    private static final long ASSUMED_BYTES_PER_SECOND = 125_000_000L;

    /** What is believed to be attainable before anything better was seen, when judging whether a deadline is near. */
    private static final long MODEST_BYTES_PER_SECOND = 50_000_000L;

    /** Neighbouring regions are copied in pieces of about this size: larger ones gain nothing. */
    private static final long BATCH_BYTES = 1L << 20;

    /** RAM of the kernel for copies in flight is per region, whatever its size. */
    private static final int MOST_REGIONS = 1024;

    private static final int RAISE_AFTER = 2;
    private static final int THROTTLE_AFTER = 3;

    /** Left for what was not foreseen before a deadline counts as near. */
    private static final Duration NEAR_MARGIN = Duration.ofSeconds(30);

    private final HydrationPolicy policy;

    public HydrationController(HydrationPolicy policy) {
        this.policy = policy;
    }

    public HydrationPace next(HydrationPace before, HydrationSample now) {
        HydrationPace.Memory memory = before.memory();
        Seen seen = now.seen();
        Goal goal = now.goal();
        long best = Math.max(memory.bestBytesPerSecond(), seen.copiedBytes());
        Pressure pressure = pressure(now);
        Ladder raised = raised(memory, pressure, now, best);
        boolean atMost = inFlightBytes(now, best, raised.level()) >= policy.mostInFlightBytes();
        Ladder throttled = throttled(memory, pressure, atMost && near(goal, best));
        GuestLoad unthrottled = throttled.level() == 0
                ? GuestLoad.NONE
                : memory.throttled().level() == 0 ? seen.guest() : memory.unthrottled();
        GuestThrottle throttle = throttle(throttled.level(), unthrottled);
        Long limit = goal.limitBytesPerSecond();
        int wanted = regions(inFlightBytes(now, best, raised.level()), now.regionBytes());
        int threshold = limit == null
                ? wanted
                : Math.min(wanted, CopyGate.mostRegions(limit, now.regionBytes(), now.roundTrip()));
        return new HydrationPace(
                threshold,
                Math.clamp(BATCH_BYTES / now.regionBytes(), 1, threshold),
                throttle,
                words(now, pressure, threshold, throttle, raised.level()),
                new HydrationPace.Memory(best, raised, throttled, unthrottled));
    }

    /** How copying stands against what is needed of it. */
    private enum Pressure {
        /** The guest leaves the disk alone. */
        IDLE,
        /** Busy guest, and copying well above the pace it needs. */
        EASY,
        STEADY,
        /** Busy guest, and copying too slow for the deadline. */
        STARVED
    }

    private Pressure pressure(HydrationSample now) {
        Seen seen = now.seen();
        if (seen.guest().operations() < IDLE_OPERATIONS) {
            return Pressure.IDLE;
        }
        if (seen.heldBack()) {
            // the ceiling is what keeps it from more, not the guest
            return Pressure.STEADY;
        }
        long needed = needed(now.goal());
        if (seen.copiedBytes() < needed) {
            return Pressure.STARVED;
        }
        return seen.copiedBytes() >= needed + needed / 2 ? Pressure.EASY : Pressure.STEADY;
    }

    /** The pace that reaches the deadline with a quarter to spare, at least the promised one; never above the ceiling. */
    private long needed(Goal goal) {
        long pace = policy.promisedBytesPerSecond();
        if (goal.left() != null) {
            double seconds = Math.max(1, goal.left().toMillis() / 1000.0);
            pace = Math.max(pace, (long) (goal.bytesLeft() * 1.25 / seconds));
        }
        Long limit = goal.limitBytesPerSecond();
        return limit == null ? pace : Math.min(pace, limit - limit / 5);
    }

    /** The guest is given back its share first, then its latency. */
    private Ladder raised(HydrationPace.Memory memory, Pressure pressure, HydrationSample now, long best) {
        Ladder before = memory.raised();
        return switch (pressure) {
            case IDLE, EASY -> memory.throttled().level() == 0 ? before.eased() : before.steady();
            case STEADY -> before.steady();
            case STARVED -> before.pressed(RAISE_AFTER, topLevel(now, best));
        };
    }

    private int topLevel(HydrationSample now, long best) {
        int level = 0;
        while (inFlightBytes(now, best, level) < policy.mostInFlightBytes()) {
            level++;
        }
        return level;
    }

    private Ladder throttled(HydrationPace.Memory memory, Pressure pressure, boolean lastResort) {
        Ladder before = memory.throttled();
        return switch (pressure) {
            case IDLE, EASY -> before.eased();
            case STEADY -> before.steady();
            case STARVED ->
                lastResort && policy.leastGuest() != null
                        ? before.pressed(THROTTLE_AFTER, atFloor(before, memory.unthrottled()) ? before.level() : 63)
                        : before.steady();
        };
    }

    private boolean atFloor(Ladder throttled, GuestLoad unthrottled) {
        GuestThrottle now = throttle(throttled.level(), unthrottled);
        return now != null && now.equals(policy.leastGuest());
    }

    /** Half of what it did for the first step, half of that for each further one, never below the policy's bound. */
    private @Nullable GuestThrottle throttle(int level, GuestLoad unthrottled) {
        GuestThrottle least = policy.leastGuest();
        if (level == 0 || least == null) {
            return null;
        }
        int shift = Math.min(level, 62);
        return new GuestThrottle(
                Math.max(least.operations(), unthrottled.operations() >> shift),
                Math.max(least.bytes(), unthrottled.bytes() >> shift));
    }

    /** Whether half of the time is over, or what is left may well take the time that is left. */
    private static boolean near(Goal goal, long best) {
        Duration left = goal.left();
        if (left == null) {
            return false;
        }
        long attainable = Math.max(best, MODEST_BYTES_PER_SECOND);
        Long limit = goal.limitBytesPerSecond();
        long rate = limit == null ? attainable : Math.max(1, Math.min(limit, attainable));
        Duration twice = Duration.ofSeconds(2 * goal.bytesLeft() / rate).plus(NEAR_MARGIN);
        return left.compareTo(twice) <= 0 || left.compareTo(goal.allowed().dividedBy(2)) <= 0;
    }

    private long inFlightBytes(HydrationSample now, long best, int level) {
        long rate = best == 0 ? ASSUMED_BYTES_PER_SECOND : best;
        long filling = (long) (rate * (now.roundTrip().toNanos() / 1e9) * FILL);
        long aim = Math.clamp(filling, policy.leastInFlightBytes(), policy.mostInFlightBytes());
        int most = Math.min(level, 32);
        return Math.min(aim << most, policy.mostInFlightBytes());
    }

    private static int regions(long bytes, int regionBytes) {
        return Math.clamp(bytes / regionBytes, 1, MOST_REGIONS);
    }

    private String words(
            HydrationSample now, Pressure pressure, int threshold, @Nullable GuestThrottle throttle, int level) {
        String inFlight = Quantity.bytes((long) threshold * now.regionBytes()) + " in flight";
        if (throttle != null) {
            boolean atFloor = throttle.equals(policy.leastGuest());
            boolean late = atFloor && pressure == Pressure.STARVED;
            return "the guest is throttled to " + throttle.operations() + " I/O and " + Quantity.bytes(throttle.bytes())
                    + " each second so that " + Quantity.bytes(now.goal().bytesLeft()) + " can be copied "
                    + Quantity.until(now.goal().left()) + "; " + inFlight
                    + (late ? "; the policy allows no more, the deadline may be missed" : "");
        }
        Long limit = now.goal().limitBytesPerSecond();
        if (limit != null && now.seen().heldBack()) {
            return "kept to " + Quantity.bytes(limit) + " each second; " + inFlight + " at most";
        }
        return switch (pressure) {
            case IDLE -> "idle guest; " + inFlight;
            case EASY, STEADY -> "busy guest, copying keeps its pace; " + inFlight;
            case STARVED ->
                level == 0
                        ? "busy guest, copying is behind its pace; " + inFlight
                        : "busy guest, copying is behind its pace: raised to " + inFlight;
        };
    }
}
