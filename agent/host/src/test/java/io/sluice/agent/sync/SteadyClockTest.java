package io.sluice.agent.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private final AtomicReference<Instant> wall = new AtomicReference<>(START);
    private final AtomicLong nanos = new AtomicLong(-7);
    private final SteadyClock clock = SteadyClock.from(wall::get, nanos::get);

    @Test
    void tellsTheHostsTimeAndGoesOnByWhatHasPassed() {
        assertThat(clock.instant()).isEqualTo(START);

        nanos.addAndGet(Duration.ofSeconds(90).toNanos());

        assertThat(clock.instant()).isEqualTo(START.plusSeconds(90));
    }

    @Test
    void doesNotNoticeThatTheHostsClockIsSet() {
        wall.set(START.minus(Duration.ofHours(2)));
        nanos.addAndGet(1_000_000);

        assertThat(clock.instant()).isEqualTo(START.plusMillis(1));
    }
}
