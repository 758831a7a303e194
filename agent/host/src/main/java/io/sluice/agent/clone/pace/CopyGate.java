package io.sluice.agent.clone.pace;

import java.time.Duration;

/**
 * Keeps copying to a rate, of which dm-clone knows nothing: it copies as fast as it can while it may, and is let in and shut out by
 * turns so that the sum is right. Pure; each look says when the next is due.
 *
 * @param creditBytes what may be copied before it is shut out; below 0 what was copied too much
 * @param speedBytesPerSecond how fast it copied lately while it might; 0 is unknown
 * @param open whether it may copy until the next look
 */
public record CopyGate(long creditBytes, long speedBytesPerSecond, boolean open) {
    /** Before the first look. */
    public static final CopyGate SHUT = new CopyGate(0, 0, false);

    /** A kernel's clock may tick a hundred times a second. */
    private static final Duration SHORTEST = Duration.ofMillis(10);

    /** As long as nothing is known of its speed, and so that a change of the rate is felt soon. */
    private static final Duration LONGEST = Duration.ofMillis(100);

    /** Nobody looked for longer: the machine slept, or its clock was set. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(5);

    /** Times rate and round trip. */
    private static final int FILL = 3;

    private static final double NANOS = 1e9;

    /**
     * After a look.
     *
     * @param elapsed since the one before
     * @param copiedBytes since the one before, also by copies that were begun earlier
     */
    public CopyGate after(Duration elapsed, long copiedBytes, long limitBytesPerSecond) {
        Duration since = elapsed.isNegative() ? Duration.ZERO : elapsed.compareTo(FORGOTTEN) > 0 ? FORGOTTEN : elapsed;
        double seconds = since.toNanos() / NANOS;
        // what was not used is not saved up: a burst after a pause would break the rate
        long most = bytes(limitBytesPerSecond, LONGEST);
        long credit = Math.min(most, creditBytes + (long) (limitBytesPerSecond * seconds) - copiedBytes);
        long speed = speedBytesPerSecond;
        if (open && seconds > 0) {
            long seen = (long) (copiedBytes / seconds);
            speed = speed == 0 ? seen : Math.max(seen, speed - speed / 4);
        }
        return new CopyGate(credit, speed, open ? credit > 0 : credit >= bytes(limitBytesPerSecond, SHORTEST));
    }

    /** Until the next look. */
    public Duration look(long limitBytesPerSecond) {
        long bytes = open ? creditBytes : bytes(limitBytesPerSecond, SHORTEST) - creditBytes;
        // what is copied is made up for while it is copied
        long rate = open ? Math.max(1, speedBytesPerSecond - limitBytesPerSecond) : limitBytesPerSecond;
        boolean known = !open || speedBytesPerSecond > 0;
        Duration due =
                known ? Duration.ofNanos((long) Math.min((double) LONGEST.toNanos(), bytes * NANOS / rate)) : SHORTEST;
        return due.compareTo(SHORTEST) < 0 ? SHORTEST : due;
    }

    /**
     * So much at most is let into flight at once, enough to fill the way to the source at that rate: what a shut gate finds on its way
     * is copied all the same.
     */
    public static int mostRegions(long limitBytesPerSecond, int regionBytes, Duration roundTrip) {
        long inFlight = bytes(limitBytesPerSecond, roundTrip.multipliedBy(FILL).plus(SHORTEST));
        return Math.clamp(inFlight / regionBytes, 1, Integer.MAX_VALUE);
    }

    private static long bytes(long bytesPerSecond, Duration time) {
        return (long) (bytesPerSecond * (time.toNanos() / NANOS));
    }
}
