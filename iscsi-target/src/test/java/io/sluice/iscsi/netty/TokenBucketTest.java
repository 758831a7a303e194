package io.sluice.iscsi.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void whatIsMovedOverTimeIsTheRate() {
        TokenBucket bucket = TokenBucket.full(1_000_000, 0);
        long now = 0;
        long moved = 0;
        while (now < 10 * SECOND) {
            bucket = bucket.refilled(now);
            if (bucket.open()) {
                bucket = bucket.less(65536);
                moved += 65536;
            } else {
                now += bucket.nanosToOpen();
            }
        }
        assertThat(moved).isBetween(10_000_000L, 10_300_000L);
    }

    @Test
    void idleTimeGathersNoMoreThanATenthOfASecond() {
        TokenBucket bucket = TokenBucket.full(1_000_000, 0).less(100_000);
        assertThat(bucket.open()).isFalse();
        assertThat(bucket.refilled(3600 * SECOND).tokens()).isEqualTo(100_000);
    }

    @Test
    void aNewRateWorksOffTheOldDebt() {
        TokenBucket bucket = TokenBucket.full(1000, 0).less(100_100);
        assertThat(bucket.nanosToOpen()).isGreaterThan(99 * SECOND);
        assertThat(bucket.at(1_000_000).nanosToOpen()).isLessThan(SECOND);
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThatThrownBy(() -> new RateLimit(0L)).isInstanceOf(IllegalArgumentException.class);
    }
}
