package io.sluice.orchestrator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.orchestrator.migration.MigrationState;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many short lives of a fleet. {@code -Dsluice.seeds=N} runs so many, {@code -Dsluice.seed=S} begins at that one;
 * {@code ./sluice simulate} does the same without a test.
 */
class DrainSimulationTest {
    private static final long SEEDS = Long.getLong("sluice.seeds", 2_000);
    private static final long FIRST = Long.getLong("sluice.seed", 1);

    /** Far above what any variant takes. */
    private static final long SEEDS_FOR_A_VARIANT = 1_500;

    private static final int THREADS = Runtime.getRuntime().availableProcessors();

    @BeforeAll
    static void quiet() {
        Seeds.quiet();
    }

    @Test
    void everyInvariantHoldsAfterEveryEventAndEveryDrainEndsOrNamesItsReason() {
        Seeds.Outcome outcome = new Seeds(FIRST, SEEDS, THREADS).run(Flaw.NONE);

        Seeds.Failure failure = outcome.failure();
        if (failure != null) {
            throw new AssertionError(
                    "seed " + failure.seed() + ": " + failure.error().getMessage() + "\nreplay: "
                            + SimulateCommand.replay(failure.seed()),
                    failure.error());
        }
        System.out.print(new Summary(outcome.statistics()).text());
        if (SEEDS >= 500) {
            everythingOccurred(outcome.statistics());
        }
    }

    /** A fault that never strikes, or a state that is never entered, proves nothing. */
    private static void everythingOccurred(Statistics statistics) {
        assertThat(Arrays.stream(Fault.values()).filter(fault -> statistics.count(fault) == 0))
                .as("faults that never struck")
                .isEmpty();
        assertThat(MigrationState.all().stream()
                        .filter(state -> state != MigrationState.Reversible.PLANNED)
                        .filter(state -> !statistics.entered().containsKey(state.title())))
                .as("states never entered")
                .isEmpty();
        for (int invariant = 1; invariant <= Statistics.INVARIANTS; invariant++) {
            assertThat(statistics.checks(invariant))
                    .as("checks of " + invariant)
                    .isPositive();
        }
        assertThat(statistics.thirdPartyMoves())
                .as("third-party moves that were done")
                .isGreaterThan(10);
        assertThat(statistics.use().count())
                .as("looks at how ceilings are used")
                .isGreaterThan(1_000);
        assertThat(statistics.use().least()).as("use of the fullest ceiling").isGreaterThanOrEqualTo(0.95);
        assertThat(statistics.fairness().count()).as("looks at equals").isGreaterThan(300);
        assertThat(statistics.fairness().least())
                .as("Jain's index among equals")
                .isGreaterThanOrEqualTo(0.95);
    }

    @ParameterizedTest
    @EnumSource
    void isCaught(Variant variant) {
        Teeth.Bite bite = Teeth.bite(variant, variant.from(), SEEDS_FOR_A_VARIANT, 1);

        System.out.println(Teeth.line(bite));
        assertThat(bite.seeds())
                .as("seed at which \"%s\" is caught", variant.words())
                .isPositive();
    }

    @Test
    void aSeedTellsTheSameStoryEachTime() {
        Simulation once = Simulation.ofSeed(5, Flaw.NONE, line -> {});
        Simulation again = Simulation.ofSeed(5, Flaw.NONE, line -> {});

        once.run();
        again.run();

        assertThat(again.digest()).isEqualTo(once.digest());
    }
}
