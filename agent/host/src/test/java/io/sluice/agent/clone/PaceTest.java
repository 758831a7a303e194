package io.sluice.agent.clone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Rates, shares and region sizes: all of the pure arithmetic of pace. */
class PaceTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aBucketGrantsItsRateOverTime() {
        TokenBucket bucket = new TokenBucket(0);
        bucket.rate(1_000_000L, 0);
        long now = 0;
        long granted = 0;
        while (now < 10 * SECOND) {
            long wait = bucket.nanosToWait(now);
            if (wait == 0) {
                bucket.spend(65_536);
                granted += 65_536;
            } else {
                now += wait;
            }
        }
        assertThat(granted).isCloseTo(10_000_000L, within(200_000L));
    }

    @Test
    void aRegionLargerThanTheBurstIsGrantedAndThenPaidFor() {
        TokenBucket bucket = new TokenBucket(0);
        bucket.rate(1000L, 0);
        assertThat(bucket.nanosToWait(0)).isZero();
        bucket.spend(10_000);
        assertThat(bucket.nanosToWait(0)).isEqualTo(10 * SECOND);
        assertThat(bucket.nanosToWait(10 * SECOND)).isZero();
    }

    @Test
    void noRateIsNoLimitAndRateZeroStops() {
        TokenBucket bucket = new TokenBucket(0);
        bucket.spend(1L << 40);
        assertThat(bucket.nanosToWait(0)).isZero();
        bucket.rate(0L, 0);
        assertThat(bucket.nanosToWait(0)).isZero();
        bucket.spend(1);
        assertThat(bucket.nanosToWait(1000 * SECOND)).isEqualTo(Long.MAX_VALUE);
        bucket.rate(null, 1000 * SECOND);
        assertThat(bucket.nanosToWait(1000 * SECOND)).isZero();
    }

    /** What the bucket lets through in ten seconds while somebody else uses so much of the same rate in each. */
    private static long grantedBeside(long otherPerSecond) {
        TokenBucket bucket = new TokenBucket(0);
        bucket.rate(1_000_000L, 0);
        long granted = 0;
        for (long now = 0; now < 10 * SECOND; now += SECOND / 1000) {
            bucket.giveWay(otherPerSecond / 1000, now);
            if (bucket.nanosToWait(now) == 0) {
                bucket.spend(4096);
                granted += 4096;
            }
        }
        return granted;
    }

    /** The ceiling is the migration's, not the background's: what the workload reads of the source comes out of it first. */
    @Test
    void whatTheWorkloadReadsComesOutOfTheBackgroundsRateButForAQuarter() {
        assertThat(grantedBeside(0)).isCloseTo(10_000_000L, within(200_000L));
        assertThat(grantedBeside(400_000)).isCloseTo(6_000_000L, within(200_000L));
        assertThat(grantedBeside(900_000)).isCloseTo(2_500_000L, within(200_000L));
        assertThat(grantedBeside(50_000_000)).isCloseTo(2_500_000L, within(200_000L));
    }

    @Test
    void theMeterForgetsWhatIsLongAgo() {
        RateMeter meter = new RateMeter(0);
        meter.add(4000, SECOND / 2);
        assertThat(meter.bytesPerSecond(SECOND / 2)).isEqualTo(4000);
        assertThat(meter.bytesPerSecond(2 * SECOND)).isEqualTo(2000);
        assertThat(meter.bytesPerSecond(4 * SECOND)).isEqualTo(1000);
        assertThat(meter.bytesPerSecond(5 * SECOND)).isZero();
        assertThat(meter.bytesPerSecond(500 * SECOND)).isZero();
    }

    @Test
    void theBackgroundGivesWayToTheWorkloadButKeepsItsReservedShare() {
        SourceShares shares = SourceShares.of(8);
        assertThat(shares.mayStartBackground(0, 7)).isTrue();
        assertThat(shares.mayStartBackground(0, 8)).isFalse();
        assertThat(shares.mayStartBackground(1, 2)).isFalse();
        assertThat(shares.mayStartBackground(1000, 1)).isTrue();
        assertThat(SourceShares.of(1).mayStartBackground(1000, 0)).isTrue();
    }

    @Test
    void theRegionSizeGrowsWithTheVolume() {
        assertThat(RegionLayout.defaultRegionBytes(256L << 20)).isEqualTo(64 << 10);
        assertThat(RegionLayout.defaultRegionBytes(4L << 30)).isEqualTo(64 << 10);
        assertThat(RegionLayout.defaultRegionBytes(8L << 30)).isEqualTo(128 << 10);
        assertThat(RegionLayout.defaultRegionBytes(64L << 30)).isEqualTo(1 << 20);
        assertThat(RegionLayout.defaultRegionBytes(64L << 40)).isEqualTo(1 << 20);
    }

    @Test
    void theLastRegionMayBeShorter() {
        RegionLayout layout = new RegionLayout(10_240, 4096);
        assertThat(layout.regions()).isEqualTo(3);
        assertThat(layout.length(2)).isEqualTo(2048);
        assertThat(layout.covers(8192, 10_240, 2)).isTrue();
        assertThat(layout.covers(8704, 10_240, 2)).isFalse();
    }
}
