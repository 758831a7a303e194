package io.sluice.orchestrator.drain;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.Generations;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.MigrationState.Terminal;
import io.sluice.orchestrator.migration.Position;
import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.migration.Window;
import io.sluice.orchestrator.reason.ReasonCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How long it still takes, and what a drain waits for; unknown stays unknown. */
class EstimateTest {
    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final int REGION = 1000;
    private static final long SIZE = 1_000_000;
    private int made;

    private MigrationRecord record(
            MigrationState state, @Nullable Long allocated, VolumeProgress.@Nullable Regions regions) {
        VolumeId volume = new VolumeId("v" + made++);
        Cargo cargo = new Cargo(
                null, false, List.of(new Cargo.Volume(volume, new PoolName("main"), SIZE, 512, allocated, 0)));
        Migration migration = new Migration(
                new MigrationId("m-" + volume),
                new DrainId("d"),
                cargo,
                new Migration.Route(
                        new WorkerId("a"), new WorkerId("b"), List.of(new PoolName("main")), CloneEngine.PORTABLE),
                1,
                Intent.PROCEED,
                new Position(state, 1, NOW, null, Generations.NONE, null, null, null));
        boolean runs = state instanceof ForwardOnly;
        return new MigrationRecord(
                migration,
                new MigrationRecord.Attempt(1, false),
                null,
                runs ? NOW.minusSeconds(100) : null,
                List.of(new VolumeProgress(volume, SIZE, allocated, regions, null, null)),
                List.of());
    }

    private static VolumeProgress.Regions regions(long hydrated, long copied, long rate) {
        return new VolumeProgress.Regions(REGION, SIZE / REGION, hydrated, copied, 0, 0, rate);
    }

    private static Steering steering(boolean paused, @Nullable Instant notBefore, @Nullable String window) {
        return new Steering(
                paused, notBefore, window == null ? List.of() : List.of(Window.parse(window)), null, 0, Map.of());
    }

    @Test
    void aMigrationTakesFromTheBetterToTheWorseOfNowAndTheMean() {
        // 400,000 are left; 6,000 in 100 s are 60/s on the mean, 100/s are seen now
        MigrationRecord hydrating = record(ForwardOnly.HYDRATING, null, regions(600, 6_000, 100));

        assertThat(Estimate.of(hydrating, NOW)).isEqualTo(new Estimate(4_000L, 6_667L));
    }

    @Test
    void whatIsNotObservedOrStandsStillIsUnknown() {
        assertThat(Estimate.of(record(ForwardOnly.HYDRATING, null, null), NOW)).isEqualTo(Estimate.UNKNOWN);
        assertThat(Estimate.of(record(ForwardOnly.HYDRATING, null, regions(0, 0, 0)), NOW))
                .isEqualTo(Estimate.UNKNOWN);
        assertThat(Estimate.of(record(Reversible.READY, null, null), NOW)).isEqualTo(Estimate.UNKNOWN);
        assertThat(Estimate.of(record(ForwardOnly.HYDRATING, null, regions(500, 5_000, 0)), NOW))
                .as("it came this far, and stands now")
                .isEqualTo(new Estimate(10_000L, null));
    }

    @Test
    void aDrainCountsWhatHasNotBegunFromAllocatedToSize() {
        List<MigrationRecord> moving = List.of(
                record(ForwardOnly.HYDRATING, null, regions(600, 10_000, 100)),
                record(Reversible.PLANNED, 200_000L, null),
                record(Terminal.DONE, null, null));

        assertThat(Estimate.of(moving, Steering.NONE, NOW)).isEqualTo(new Estimate(6_000L, 14_000L));
    }

    @Test
    void theTimeUntilItMayCutOverIsAddedAndAPauseHasNoEnd() {
        List<MigrationRecord> moving = List.of(
                record(ForwardOnly.HYDRATING, null, regions(600, 10_000, 100)),
                record(Reversible.READY, 200_000L, null));

        assertThat(Estimate.of(moving, steering(false, null, "13:00-14:00 UTC"), NOW))
                .isEqualTo(new Estimate(9_600L, 17_600L));
        assertThat(Estimate.of(moving, steering(false, NOW.plusSeconds(60), null), NOW))
                .isEqualTo(new Estimate(6_060L, 14_060L));
        assertThat(Estimate.of(moving, steering(false, NOW.plusSeconds(60), "13:00-14:00 UTC"), NOW))
                .isEqualTo(new Estimate(9_600L, 17_600L));
        assertThat(Estimate.of(moving, steering(true, null, null), NOW)).isEqualTo(Estimate.UNKNOWN);
        assertThat(Estimate.of(moving.subList(0, 1), steering(true, null, null), NOW))
                .as("what has cut over goes on while the drain is paused")
                .isEqualTo(new Estimate(4_000L, 4_000L));
    }

    @Test
    void aDrainSaysWhatItWaitsForOnceWithTheLongestTime() {
        MigrationRecord first = waiting(ReasonCode.WAITING_FOR_SLOT, NOW.minusSeconds(5));
        MigrationRecord second = waiting(ReasonCode.WAITING_FOR_SLOT, NOW.minusSeconds(50));
        MigrationRecord normal = waiting(ReasonCode.HYDRATING, NOW.minusSeconds(50));

        List<HoldUp> holdUps = HoldUp.of(drain(null, null), List.of(first, second, normal), Estimate.UNKNOWN, NOW);

        assertThat(holdUps).hasSize(1);
        assertThat(holdUps.getFirst().migrations()).isEqualTo(2);
        assertThat(holdUps.getFirst().since()).isEqualTo(NOW.minusSeconds(50));
    }

    @Test
    void aDeadlineIsAtRiskBeforeItIsMissed() {
        var deadline = new Steering.Deadline(NOW.plusSeconds(100), Steering.Missed.ALARM);

        assertThat(codes(drain(deadline, null), new Estimate(10L, 99L), NOW)).isEmpty();
        assertThat(codes(drain(deadline, null), new Estimate(10L, 101L), NOW)).containsExactly("DEADLINE_AT_RISK");
        assertThat(codes(drain(deadline, null), new Estimate(10L, null), NOW))
                .as("nobody knows")
                .isEmpty();
        assertThat(codes(drain(deadline, null), Estimate.UNKNOWN, NOW.plusSeconds(100)))
                .containsExactly("DRAIN_LATE");
        assertThat(codes(drain(deadline, NOW), new Estimate(10L, 101L), NOW)).containsExactly("DRAIN_PAUSED");
    }

    private static List<String> codes(Drain drain, Estimate estimate, Instant now) {
        return HoldUp.of(drain, List.of(), estimate, now).stream()
                .map(holdUp -> holdUp.reason().code())
                .toList();
    }

    private MigrationRecord waiting(ReasonCode code, Instant since) {
        MigrationRecord record = record(Reversible.PLANNED, null, null);
        Migration migration =
                record.migration().with(record.migration().position().waiting(code.because("so"), since));
        return new MigrationRecord(migration, record.attempt(), null, null, record.volumes(), List.of());
    }

    private static Drain drain(Steering.@Nullable Deadline deadline, @Nullable Instant paused) {
        DrainLimits limits =
                deadline == null ? DrainLimits.DEFAULT : new DrainLimits(2, 2, 0, null, List.of(), deadline);
        var order = new DrainOrder(new WorkerId("a"), "test", "", DrainMode.MAINTENANCE, limits);
        return new Drain(new DrainId("d"), order, NOW.minusSeconds(1000), paused, null, null, null, null);
    }
}
