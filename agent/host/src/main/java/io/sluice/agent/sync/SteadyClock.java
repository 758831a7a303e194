package io.sluice.agent.sync;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;

/**
 * The host's clock as it stood when this was made, and from then on the time that has passed: setting the host's clock moves no
 * retry, no pace and no heartbeat. The next start of the agent goes by the clock as it is then.
 */
public final class SteadyClock extends Clock {
    private final Instant began;
    private final long nanosThen;
    private final LongSupplier nanos;
    private final ZoneId zone;

    private SteadyClock(Instant began, long nanosThen, LongSupplier nanos, ZoneId zone) {
        this.began = began;
        this.nanosThen = nanosThen;
        this.nanos = nanos;
        this.zone = zone;
    }

    /**
     * Begins at the wall clock's time of now.
     *
     * @param nanos monotonic, as {@link System#nanoTime}
     */
    public static SteadyClock from(InstantSource wall, LongSupplier nanos) {
        return new SteadyClock(wall.instant(), nanos.getAsLong(), nanos, ZoneOffset.UTC);
    }

    @Override
    public Instant instant() {
        return began.plusNanos(nanos.getAsLong() - nanosThen);
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new SteadyClock(began, nanosThen, nanos, other);
    }
}
