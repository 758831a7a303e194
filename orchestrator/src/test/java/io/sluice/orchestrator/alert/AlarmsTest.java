package io.sluice.orchestrator.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.orchestrator.alert.Alarm.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AlarmsTest {
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final AlarmPolicy POLICY = new AlarmPolicy(
            Duration.ofMinutes(10), Duration.ofHours(6), Duration.ofSeconds(45), Duration.ofMinutes(30));

    private static List<Kind> of(Readings.OfMigration migration) {
        return kinds(new Readings(NOW, List.of(migration), List.of(), List.of()));
    }

    private static List<Kind> kinds(Readings readings) {
        return Alarms.of(readings, POLICY).stream().map(Alarm::kind).toList();
    }

    private static Readings.OfMigration migration(
            @Nullable Duration deadlineAgo,
            @Nullable String reason,
            Duration reasonFor,
            @Nullable Duration exposedFor) {
        return new Readings.OfMigration(
                "m-1",
                "db",
                "worker-1",
                "worker-2",
                "Hydrating",
                deadlineAgo == null ? null : NOW.minus(deadlineAgo),
                reason,
                reason == null ? null : NOW.minus(reasonFor),
                exposedFor == null ? null : NOW.minus(exposedFor));
    }

    @Test
    void waitingForATurnIsNeverAlarmingAndWaitingForRepairIsAfterAWhile() {
        assertThat(of(migration(null, "WAITING_FOR_SLOT", Duration.ofDays(2), null)))
                .isEmpty();
        assertThat(of(migration(null, "HELD_BY_OPERATOR", Duration.ofDays(2), null)))
                .isEmpty();
        assertThat(of(migration(null, "SOURCE_UNREACHABLE", Duration.ofMinutes(9), null)))
                .isEmpty();
        assertThat(of(migration(null, "SOURCE_UNREACHABLE", Duration.ofMinutes(11), null)))
                .containsExactly(Kind.MIGRATION_STUCK);
        assertThat(of(migration(null, "POOL_FULL", Duration.ofMinutes(11), null)))
                .as("a code of an agent")
                .containsExactly(Kind.MIGRATION_STUCK);
    }

    @Test
    void aMissedDeadlineOfAStateIsAlarmingAtOnce() {
        assertThat(of(migration(Duration.ofSeconds(-1), "WORKLOAD_STOPPING", Duration.ZERO, null)))
                .isEmpty();
        assertThat(of(migration(Duration.ofSeconds(1), "WORKLOAD_STOPPING", Duration.ZERO, null)))
                .containsExactly(Kind.MIGRATION_STUCK);
    }

    @Test
    void aWorkloadMayDependOnTwoHostsForSoLong() {
        assertThat(of(migration(null, "HYDRATING", Duration.ofDays(1), Duration.ofHours(5))))
                .isEmpty();
        assertThat(of(migration(null, "HYDRATING", Duration.ofDays(1), Duration.ofHours(7))))
                .containsExactly(Kind.EXPOSURE_TOO_LONG);
    }

    private static List<Kind> deadline(Duration left, @Nullable Long bytes, @Nullable Long rate) {
        return kinds(new Readings(
                NOW,
                List.of(),
                List.of(new Readings.OfDrain("d-1", "worker-1", NOW.plus(left), bytes, rate)),
                List.of()));
    }

    @Test
    void aDeadlineIsAtRiskWhenTheRateDoesNotReachItAndUnknownIsNotZero() {
        assertThat(deadline(Duration.ofHours(1), 3600L, 2L)).isEmpty();
        assertThat(deadline(Duration.ofHours(1), 7300L, 2L)).containsExactly(Kind.DEADLINE_AT_RISK);
        assertThat(deadline(Duration.ofHours(1), null, null)).isEmpty();
        assertThat(deadline(Duration.ofHours(1), 7300L, 0L)).isEmpty();
        assertThat(deadline(Duration.ofMinutes(20), null, null)).containsExactly(Kind.DEADLINE_AT_RISK);
        assertThat(deadline(Duration.ofSeconds(-1), 0L, 100L)).containsExactly(Kind.DEADLINE_AT_RISK);
    }

    @Test
    void aSilentWorkerIsLostAndOneThatNeverReportedIsNot() {
        assertThat(kinds(new Readings(
                        NOW,
                        List.of(),
                        List.of(),
                        List.of(
                                new Readings.OfWorker("fresh", NOW.minusSeconds(44)),
                                new Readings.OfWorker("silent", NOW.minusSeconds(46)),
                                new Readings.OfWorker("new", null)))))
                .containsExactly(Kind.WORKER_LOST);
    }
}
