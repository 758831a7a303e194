package io.sluice.iscsi.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.scsi.ScsiStatus;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TrafficMeterTest {

    private static final int GOOD = ScsiStatus.GOOD.code();

    private final TrafficMeter meter = new TrafficMeter();

    @Test
    void countsReadsWritesAndOthersApart() {
        meter.ended(GOOD, 4096, 0, 1_000);
        meter.ended(GOOD, 8192, 0, 1_000);
        meter.ended(GOOD, 0, 512, 1_000);
        meter.ended(GOOD, 0, 0, 1_000);
        Traffic traffic = meter.now();
        assertThat(traffic.reads()).isEqualTo(2);
        assertThat(traffic.bytesRead()).isEqualTo(12288);
        assertThat(traffic.writes()).isEqualTo(1);
        assertThat(traffic.bytesWritten()).isEqualTo(512);
        assertThat(traffic.others()).isEqualTo(1);
        assertThat(traffic.failures()).isZero();
    }

    @Test
    void aFailureMovesNothing() {
        meter.ended(ScsiStatus.CHECK_CONDITION.code(), 0, 4096, 1_000);
        Traffic traffic = meter.now();
        assertThat(traffic.failures()).isEqualTo(1);
        assertThat(traffic.writes()).isZero();
        assertThat(traffic.bytesWritten()).isZero();
        assertThat(traffic.lastIo()).isNull();
    }

    @Test
    void theLastIoIsUnknownUntilThereWasOne() {
        meter.ended(GOOD, 0, 0, 1_000);
        assertThat(meter.now().lastIo()).isNull();
        Instant before = Instant.now().minusMillis(1);
        meter.ended(GOOD, 512, 0, 1_000);
        assertThat(meter.now().lastIo()).isAfter(before);
    }

    @Test
    void everyLatencyLiesInTheNarrowestBucketThatHoldsIt() {
        for (long nanos :
                new long[] {0, 1_000, 1_001, 2_000, 2_001, 999_999_999, 67_108_864_000L, Long.MAX_VALUE / 2}) {
            int bucket = TrafficMeter.bucket(nanos);
            assertThat(nanos)
                    .isLessThanOrEqualTo(meter.now().latency().get(bucket).upToNanos());
            if (bucket > 0) {
                assertThat(nanos)
                        .isGreaterThan(meter.now().latency().get(bucket - 1).upToNanos());
            }
        }
    }

    @Test
    void theHistogramHasEveryCommand() {
        meter.ended(GOOD, 512, 0, 3_000);
        meter.ended(ScsiStatus.BUSY.code(), 0, 0, 5_000_000_000L);
        assertThat(meter.now().latency().stream()
                        .mapToLong(Traffic.Bucket::count)
                        .sum())
                .isEqualTo(2);
    }
}
