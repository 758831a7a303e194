package io.sluice.orchestrator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.reconcile.VolumeState;
import io.sluice.agent.testing.FakeHost;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.MigrationState.Terminal;
import io.sluice.orchestrator.simulation.Script.Point;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fail at every step, repeat every step: a drain without other troubles is run once to see what its steps are, and then once
 * more for each step and each thing that can go wrong with it. It must always end drained, with every invariant kept.
 */
class EveryStepTest {
    private static final long FLEET = 11;

    /** All migrations of the small fleet, and then the retention. */
    private static final long LONGER_THAN_RETAINED = 120_000;

    private static final List<Fault> MESSAGES = List.of(Fault.CALL_LOST, Fault.CALL_REPEATED, Fault.CALL_LATE);
    private static final List<Fault> TRANSACTIONS = List.of(
            Fault.CONNECTION_CUT_BEFORE_COMMIT,
            Fault.CONNECTION_CUT_AFTER_COMMIT,
            Fault.REPLICA_KILLED,
            Fault.REPLICA_PAUSED);
    private static final List<Fault> ACTIONS = List.of(
            Fault.ACTION_FAILED,
            Fault.ACTION_DONE_BUT_FAILED,
            Fault.ACTION_REPEATED,
            Fault.ACTION_REFUSED,
            Fault.AGENT_CRASHED,
            Fault.HOST_REBOOTED);

    @BeforeAll
    static void quiet() {
        Seeds.quiet();
    }

    private static Statistics drain(Script script, String story) {
        Simulation simulation = new Simulation(new SplittableRandom(FLEET), script, Flaw.NONE, line -> {});
        try {
            simulation.runSmall();
        } catch (AssertionError e) {
            throw new AssertionError(story + ": " + e.getMessage(), e);
        }
        assertThat(simulation.statistics().drains().keySet()).as(story).containsExactly("DRAINED");
        return simulation.statistics();
    }

    private static Script undisturbed() {
        Script script = Script.undisturbed();
        drain(script, "undisturbed");
        return script;
    }

    private static void everyPoint(Point point, Fault fault, int points) {
        assertThat(points).isGreaterThan(10);
        for (int at = 0; at < points; at++) {
            drain(Script.of(point, at, fault), fault + " at " + point + " " + at);
        }
    }

    static Stream<Fault> messages() {
        return MESSAGES.stream();
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyMessageMayGoWrong(Fault fault) {
        everyPoint(Point.MESSAGE, fault, undisturbed().points(Point.MESSAGE));
    }

    static Stream<Fault> transactions() {
        return TRANSACTIONS.stream();
    }

    @ParameterizedTest
    @MethodSource("transactions")
    void everyTransactionThatWritesMayGoWrong(Fault fault) {
        everyPoint(Point.TRANSACTION, fault, undisturbed().points(Point.TRANSACTION));
    }

    static Stream<Fault> actions() {
        return ACTIONS.stream();
    }

    @ParameterizedTest
    @MethodSource("actions")
    void everyActionMayGoWrong(Fault fault) {
        everyPoint(Point.ACTION, fault, undisturbed().points(Point.ACTION));
    }

    @Test
    void everyMessageAndEveryActionMayHappenTwice() {
        drain(Script.of(Point.MESSAGE, Script.EVERY, Fault.CALL_REPEATED), "every message twice");
        drain(Script.of(Point.ACTION, Script.EVERY, Fault.ACTION_REPEATED), "every action twice");
    }

    /** Whatever a reversible state had done is undone, and whatever goes wrong in undoing it too; then the drain tries again. */
    @ParameterizedTest
    @EnumSource(Reversible.class)
    void givingUpMayGoWrongAtEveryStepInEveryReversibleState(Reversible state) {
        if (state == Reversible.PLANNED) {
            // Never entered by a commit: a migration is made in it.
            return;
        }
        Script plain = Script.undisturbed().abortingIn(state);
        drain(plain, "given up in " + state);
        for (Fault fault : List.of(Fault.ACTION_FAILED, Fault.ACTION_REPEATED, Fault.HOST_REBOOTED)) {
            for (int at = 0; at < plain.points(Point.ACTION); at++) {
                drain(
                        Script.of(Point.ACTION, at, fault).abortingIn(state),
                        "given up in " + state + ", " + fault + " at action " + at);
            }
        }
    }

    /** What policy deletes is gone in the end, at whatever moment it could not be read; so is what nothing went wrong with. */
    @Test
    void retiredCopiesAreDeletedWheneverTheyCouldNotBeRead() {
        assertThat(leftBy(Flaw.NONE, 0, 0)).isEmpty();
        for (long from = 0; from < LONGER_THAN_RETAINED; from += 1_000) {
            assertThat(leftBy(Flaw.NONE, from, 7_000))
                    .as("unreadable from " + from + " ms")
                    .isEmpty();
        }
    }

    /** The same with agents that take what they cannot read for what is not there. */
    @Test
    void thatLoopNoticesAnAgentThatSaysNoneForUnknown() {
        Flaw noneForUnknown = new Flaw() {
            @Override
            public HostReport reported(HostReport report, FakeHost host) {
                return report.retired() == null ? Situations.withoutRetired(report) : report;
            }
        };

        assertThat(LongStream.iterate(0, from -> from < LONGER_THAN_RETAINED, from -> from + 1_000))
                .anyMatch(from -> !leftBy(noneForUnknown, from, 7_000).isEmpty());
    }

    private static List<VolumeState> leftBy(Flaw flaw, long from, long forMillis) {
        Simulation simulation = new Simulation(new SplittableRandom(FLEET), Script.undisturbed(), flaw, line -> {});
        if (forMillis > 0) {
            simulation.hideRetired(from, forMillis);
        }
        simulation.runSmall();
        assertThat(simulation.statistics().drains().keySet()).containsExactly("DRAINED");
        return simulation.retired();
    }

    @Test
    void theseLoopsVisitEveryStateThereIs() {
        Set<String> visited = new TreeSet<>();
        visited.addAll(drain(Script.undisturbed(), "undisturbed").entered().keySet());
        visited.addAll(drain(Script.undisturbed().abortingIn(Reversible.CLONING), "given up")
                .entered()
                .keySet());

        assertThat(visited)
                .containsAll(MigrationState.all().stream()
                        .filter(state -> state != Reversible.PLANNED)
                        .map(MigrationState::title)
                        .toList())
                .contains(ForwardOnly.STARTING.title(), Terminal.ABORTED.title());
    }
}
