package io.sluice.agent.clone.pace;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bounds within which copying is kept going.
 *
 * @param leastInFlightBytes aimed at when the guest is idle, however short the way to the source
 * @param mostInFlightBytes a guest's write may have to wait behind so much
 * @param promisedBytesPerSecond the pace from which a volume's deadline follows
 * @param leastTime the shortest time any volume is given
 * @param leastGuest the guest is never throttled below; null: it is never throttled
 * @param regionBytes into what pieces volumes are cut, where they are not too many then; null chooses by the volume's size
 */
public record HydrationPolicy(
        long leastInFlightBytes,
        long mostInFlightBytes,
        long promisedBytesPerSecond,
        Duration leastTime,
        @Nullable GuestThrottle leastGuest,
        @Nullable Integer regionBytes) {

    /** What a guest keeps unless it is configured otherwise: 50 I/O and 4 MiB each second. */
    public static final GuestThrottle LEAST_GUEST = new GuestThrottle(50, 4L << 20);

    /**
     * 4 MiB in flight carry 1 GB/s over 1 ms three times over; 64 MiB cost a guest's write up to 0.6 s at 100 MB/s. A volume of
     * 100 GiB is promised to be whole in 1 h 47 min.
     */
    public static final HydrationPolicy DEFAULTS =
            new HydrationPolicy(4L << 20, 64L << 20, 16L << 20, Duration.ofMinutes(10), LEAST_GUEST, null);

    public HydrationPolicy {
        if (leastInFlightBytes < 1 || mostInFlightBytes < leastInFlightBytes || promisedBytesPerSecond < 1) {
            throw new IllegalArgumentException(
                    "a hydration policy needs 1 or more bytes in flight, at most no less than"
                            + " at least, and a pace");
        }
        if (leastGuest != null && (leastGuest.operations() < 1 || leastGuest.bytes() < 1)) {
            throw new IllegalArgumentException("a guest must be left something: at least 1 operation and 1 byte");
        }
    }

    /** For a guest that nobody can hold back. */
    public HydrationPolicy withoutThrottle() {
        return new HydrationPolicy(
                leastInFlightBytes, mostInFlightBytes, promisedBytesPerSecond, leastTime, null, regionBytes);
    }

    /** How long a volume of so many bytes may take from the beginning of its hydration. */
    public Duration allowed(long sizeBytes) {
        Duration atPace = Duration.ofSeconds(sizeBytes / promisedBytesPerSecond);
        return atPace.compareTo(leastTime) > 0 ? atPace : leastTime;
    }
}
