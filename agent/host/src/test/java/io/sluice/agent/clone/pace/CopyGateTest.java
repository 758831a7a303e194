package io.sluice.agent.clone.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** At a dm-clone that copies as fast as its source gives whenever it may. */
class CopyGateTest {
    private static final int REGION = 64 << 10;
    private static final long MEGABYTE = 1_000_000;

    /** Limit and speed of the source in MB/s, milliseconds by which looks are late. */
    @ParameterizedTest
    @CsvSource({
        "1,9,0",
        "1,9,15",
        "1,110,0",
        "1,110,15",
        "5,110,5",
        "20,110,0",
        "20,110,10",
        "80,110,3",
        "100,110,0",
        "3,1000,1"
    })
    void copyingKeepsToItsCeilingWithinATenthOverSomeSeconds(long limit, long speed, long late) {
        Copying copying = new Copying(speed * MEGABYTE, limit * MEGABYTE, late);
        copying.seconds(120);

        for (int from = 5; from + 10 <= 120; from++) {
            assertThat(copying.copiedBetween(from, from + 10) / 10.0)
                    .as("bytes a second from second %d on", from)
                    .isBetween(limit * MEGABYTE * 0.9, limit * MEGABYTE * 1.1);
        }
    }

    @Test
    void aSourceSlowerThanTheCeilingIsNeverShutOut() {
        Copying copying = new Copying(10 * MEGABYTE, 40 * MEGABYTE, 0);
        copying.seconds(60);

        assertThat(copying.copiedBetween(1, 60)).isGreaterThan(59 * 10 * MEGABYTE * 99 / 100);
    }

    @Test
    void whatWasNotUsedIsNotSavedUp() {
        Copying copying = new Copying(2 * MEGABYTE, 10 * MEGABYTE, 0);
        copying.seconds(60);
        copying.speed = 110 * MEGABYTE;
        copying.seconds(10);

        assertThat(copying.copiedBetween(60, 61)).isLessThan(15 * MEGABYTE);
    }

    @Test
    void aClockThatIsSetChangesNothingForLong() {
        Copying copying = new Copying(110 * MEGABYTE, 10 * MEGABYTE, 0);
        copying.seconds(10);
        copying.gate = copying.gate.after(Duration.ofDays(1), 0, 10 * MEGABYTE);
        copying.gate = copying.gate.after(Duration.ofDays(-1), 0, 10 * MEGABYTE);
        copying.seconds(20);

        assertThat(copying.copiedBetween(10, 30) / 20.0).isBetween(9.0 * MEGABYTE, 11.0 * MEGABYTE);
    }

    @Test
    void aRegionLargerThanASecondsRateIsCopiedNowAndThen() {
        Duration far = Duration.ofMillis(50);
        assertThat(CopyGate.mostRegions(100_000, 1 << 20, far)).isEqualTo(1);
        assertThat(CopyGate.mostRegions(40 * MEGABYTE, 1 << 20, far)).isEqualTo(6);
    }

    /** In steps of a millisecond. */
    private static final class Copying {
        private static final long ROUND_TRIP_MILLIS = 2;
        private final long limit;
        private final long late;
        private final int most;
        private final List<Long> copiedAt = new ArrayList<>();
        private final List<Long> ending = new ArrayList<>();
        long speed;
        CopyGate gate = CopyGate.SHUT;
        private long now;
        private long looked;
        private long due;
        private long sinceLook;
        private double budget;

        Copying(long speed, long limit, long late) {
            this.speed = speed;
            this.limit = limit;
            this.late = late;
            this.most = CopyGate.mostRegions(limit, REGION, Duration.ofMillis(ROUND_TRIP_MILLIS));
        }

        void seconds(int count) {
            for (long until = now + count * 1000L; now < until; now++) {
                step();
            }
        }

        private void step() {
            budget = Math.min(budget + speed / 1000.0, 2 * REGION);
            int before = ending.size();
            ending.removeIf(end -> end <= now);
            long done = (long) (before - ending.size()) * REGION;
            sinceLook += done;
            copiedAt.add(done);
            if (now >= due) {
                gate = gate.after(Duration.ofMillis(now - looked), sinceLook, limit);
                looked = now;
                sinceLook = 0;
                due = now + gate.look(limit).toMillis() + late;
            }
            while (gate.open() && ending.size() < most && budget >= REGION) {
                budget -= REGION;
                ending.add(now + ROUND_TRIP_MILLIS);
            }
        }

        long copiedBetween(int from, int to) {
            return copiedAt.subList(from * 1000, to * 1000).stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }
}
