package io.sluice.orchestrator.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.MigrationId;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.Steering.Deadline;
import io.sluice.orchestrator.migration.Steering.Missed;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What operators ask of a drain, and what then may begin and cut over. */
class SteeringTest {
    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final DrainId URGENT = new DrainId("urgent");

    private static Steering steering(
            boolean paused, @Nullable Instant notBefore, @Nullable String window, @Nullable Deadline deadline) {
        return new Steering(
                paused, notBefore, window == null ? List.of() : List.of(Window.parse(window)), deadline, 0, Map.of());
    }

    private static Clearance clearance(Migration migration, Steering steering, Migration... others) {
        Limits limits = Limits.DEFAULT.withConcurrency(1, 1).steered(steering);
        return Clearances.of(
                new Situation(migration, NOW, null, null, Generations.NONE, true, List.of(others), limits));
    }

    private static void assertSteered(Steering steering, @Nullable ReasonCode begin, @Nullable ReasonCode cutover) {
        assertReason(clearance(Migrations.in(Reversible.PLANNED), steering).begin(), begin);
        assertReason(clearance(Migrations.in(Reversible.READY), steering).cutover(), cutover);
    }

    private static void assertReason(@Nullable Reason reason, @Nullable ReasonCode code) {
        assertThat(reason == null ? "none" : reason.code()).isEqualTo(code == null ? "none" : code.name());
    }

    @Test
    void letsEverythingGoOnWhereNothingIsAsked() {
        assertSteered(Steering.NONE, null, null);
    }

    @Test
    void aPauseKeepsWhatHasNotBegunAndWhatHasNotCutOver() {
        assertSteered(steering(true, null, null, null), ReasonCode.DRAIN_PAUSED, ReasonCode.DRAIN_PAUSED);
    }

    @Test
    void nothingBeginsBeforeItsTime() {
        assertSteered(
                steering(false, NOW.plusSeconds(1), null, null), ReasonCode.DRAIN_NOT_YET, ReasonCode.DRAIN_NOT_YET);
        assertSteered(steering(false, NOW, null, null), null, null);
    }

    @Test
    void outsideOfItsWindowsADrainPreparesAndDoesNotCutOver() {
        assertSteered(steering(false, null, "22:00-04:00 UTC", null), null, ReasonCode.WINDOW_CLOSED);
        assertSteered(steering(false, null, "11:00-13:00 UTC", null), null, null);

        Reason reason = clearance(Migrations.in(Reversible.READY), steering(false, null, "22:00-04:00 UTC", null))
                .cutover();
        assertThat(String.valueOf(reason)).contains("opens at 2030-01-01T22:00:00Z");
    }

    @Test
    void anyOfItsWindowsIsEnough() {
        var steering = new Steering(
                false,
                null,
                List.of(Window.parse("22:00-04:00 UTC"), Window.parse("12:00-12:01 UTC")),
                null,
                0,
                Map.of());
        assertSteered(steering, null, null);
    }

    @Test
    void aMissedDeadlinePausesOrGoesOnAsItWasAsked() {
        Deadline pause = new Deadline(NOW, Missed.PAUSE);
        assertSteered(
                steering(false, null, null, pause), ReasonCode.DRAIN_DEADLINE_PASSED, ReasonCode.DRAIN_DEADLINE_PASSED);
        assertSteered(steering(false, null, null, new Deadline(NOW.plusSeconds(1), Missed.PAUSE)), null, null);
        assertSteered(steering(false, null, null, new Deadline(NOW, Missed.ALARM)), null, null);
        assertThat(steering(false, null, null, new Deadline(NOW, Missed.ALARM)).late(NOW))
                .isTrue();
    }

    @Test
    void aFreeSlotGoesToTheMoreUrgentDrain() {
        var lower = new Steering(false, null, List.of(), null, 0, Map.of(URGENT, 10));
        Migration urgent = urgent(null);

        assertReason(
                clearance(Migrations.in(Reversible.PLANNED), lower, urgent).begin(), ReasonCode.WAITING_FOR_PRIORITY);
        var same = new Steering(false, null, List.of(), null, 10, Map.of(URGENT, 10));
        assertReason(clearance(Migrations.in(Reversible.PLANNED), same, urgent).begin(), null);
    }

    @Test
    void twoFreeSlotsAreEnoughForBoth() {
        var lower = new Steering(false, null, List.of(), null, 0, Map.of(URGENT, 10));
        Limits limits = Limits.DEFAULT.withConcurrency(2, 2).steered(lower);
        var situation = new Situation(
                Migrations.in(Reversible.PLANNED),
                NOW,
                null,
                null,
                Generations.NONE,
                true,
                List.of(urgent(null)),
                limits);

        assertReason(Clearances.of(situation).begin(), null);
    }

    /** A drain that could not use the slot anyway keeps nobody out of it. */
    @ParameterizedTest
    @EnumSource(
            value = ReasonCode.class,
            names = {"DRAIN_PAUSED", "DRAIN_NOT_YET", "WAITING_FOR_SLOT", "SOURCE_NOT_REPORTING"})
    void whoWaitsForSomethingElseKeepsNobodyOut(ReasonCode waitsFor) {
        var lower = new Steering(false, null, List.of(), null, 0, Map.of(URGENT, 10));

        assertReason(
                clearance(Migrations.in(Reversible.PLANNED), lower, urgent(waitsFor))
                        .begin(),
                null);
    }

    @Test
    void whatHasBegunIsCountedAndNotOutranked() {
        var lower = new Steering(false, null, List.of(), null, 0, Map.of(URGENT, 10));
        Migration begun = urgent(null).with(Position.planned(NOW));
        Migration hydrating = new Migration(
                begun.id(),
                begun.drain(),
                begun.cargo(),
                begun.route(),
                begun.epoch(),
                Intent.PROCEED,
                Migrations.in(ForwardOnly.HYDRATING).position());

        assertReason(
                clearance(Migrations.in(Reversible.PLANNED), lower, hydrating).begin(), ReasonCode.WAITING_FOR_SLOT);
    }

    /** A planned migration of the urgent drain to the same destination, waiting for this. */
    private static Migration urgent(@Nullable ReasonCode waitsFor) {
        Migration planned = Migrations.in(Reversible.PLANNED, new MigrationId("m2"), null);
        Position position = Position.planned(NOW);
        return new Migration(
                planned.id(),
                URGENT,
                planned.cargo(),
                planned.route(),
                planned.epoch(),
                Intent.PROCEED,
                waitsFor == null ? position : position.waiting(waitsFor.because("so"), NOW));
    }
}
