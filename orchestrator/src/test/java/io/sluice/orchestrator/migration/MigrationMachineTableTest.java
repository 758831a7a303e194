package io.sluice.orchestrator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.FailureReport;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.MigrationState.Terminal;
import io.sluice.orchestrator.migration.Observation.Contact;
import io.sluice.orchestrator.migration.Observation.Destination;
import io.sluice.orchestrator.migration.Observation.Source;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.reason.ReasonCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every state against every observation; the expectation is the design's table, written down here once more. */
class MigrationMachineTableTest {
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Reason BLOCKED = ReasonCode.WAITING_FOR_SLOT.because("full");

    /** The ordinary course: where to, and what must be observed. */
    private record Row(MigrationState next, BiPredicate<Migration, Observation> leaves) {}

    private static final Map<MigrationState, Row> TABLE = Map.ofEntries(
            Map.entry(Reversible.PLANNED, new Row(Reversible.PREPARING, (m, o) -> bothHeard(o) && free(o))),
            Map.entry(
                    Reversible.PREPARING,
                    new Row(Reversible.READY, (m, o) -> o.destination().attached())),
            Map.entry(Reversible.READY, new Row(Reversible.STOPPING, MigrationMachineTableTest::mayCutOver)),
            Map.entry(
                    Reversible.STOPPING,
                    new Row(Reversible.CLONING, (m, o) -> o.source().frozen())),
            Map.entry(
                    Reversible.CLONING,
                    new Row(ForwardOnly.STARTING, (m, o) -> o.destination().cloned())),
            Map.entry(
                    Reversible.ABORTING,
                    new Row(
                            Terminal.ABORTED,
                            (m, o) -> (o.source().restored() || o.sourceWrittenOff())
                                    && (o.destination().discarded() || o.destinationWrittenOff()))),
            Map.entry(
                    ForwardOnly.STARTING,
                    new Row(ForwardOnly.HYDRATING, (m, o) -> o.destination().running())),
            Map.entry(
                    ForwardOnly.HYDRATING,
                    new Row(ForwardOnly.SETTLING, (m, o) -> o.destination().hydrated())),
            Map.entry(
                    ForwardOnly.SETTLING,
                    new Row(
                            ForwardOnly.RELEASING,
                            (m, o) ->
                                    o.destination().settled() && o.destination().mismatchedRegions() == 0)),
            Map.entry(
                    ForwardOnly.RELEASING,
                    new Row(Terminal.DONE, (m, o) -> o.source().released() || o.sourceWrittenOff())),
            Map.entry(Terminal.DONE, new Row(Terminal.DONE, (m, o) -> false)),
            Map.entry(Terminal.ABORTED, new Row(Terminal.ABORTED, (m, o) -> false)));

    @Test
    void theTableCoversEveryState() {
        assertThat(TABLE.keySet()).containsExactlyInAnyOrderElementsOf(MigrationState.all());
    }

    @TestFactory
    List<DynamicTest> everyObservationLeadsWhereTheTableSays() {
        return MigrationState.all().stream()
                .map(state -> DynamicTest.dynamicTest(state.title(), () -> {
                    for (Intent intent : Intent.values()) {
                        Migration migration = Migrations.in(state).with(intent);
                        for (Observation observation : observations()) {
                            assertNext(migration, observation);
                        }
                    }
                }))
                .toList();
    }

    /** Plain comparisons: this runs two million times. */
    private static void assertNext(Migration migration, Observation observed) {
        MigrationState expected = expected(migration, observed);
        String wrong = switch (MigrationMachine.next(migration, observed)) {
            case Step.Enter enter -> wrong(migration, enter, expected);
            case Step.Wait wait -> wrong(migration, wait, expected);
            case Step.Rest() -> migration.state() instanceof Terminal ? "" : "rests though it has not ended";
        };
        if (!wrong.isEmpty()) {
            fail("%s with %s %s", migration, observed, wrong);
        }
    }

    private static String wrong(Migration migration, Step.Enter enter, MigrationState expected) {
        if (enter.state() != expected) {
            return "enters " + enter.state() + ", not " + expected;
        }
        boolean givenUp = expected == Reversible.ABORTING || expected == Terminal.ABORTED;
        boolean hasCause = enter.why() != null || migration.state() == Reversible.ABORTING;
        return givenUp == hasCause ? "" : "only giving up has a cause, not " + enter;
    }

    private static String wrong(Migration migration, Step.Wait wait, MigrationState expected) {
        if (expected != migration.state()) {
            return "waits and does not enter " + expected;
        }
        Reason reason = wait.reason();
        boolean said = !reason.code().isBlank()
                && !reason.message().isBlank()
                && !reason.remedy().isBlank();
        return said ? "" : "waits without saying why";
    }

    private static MigrationState expected(Migration migration, Observation observed) {
        MigrationState state = migration.state();
        if (state instanceof Reversible && state != Reversible.ABORTING && givesUp(migration, observed)) {
            return state == Reversible.PLANNED ? Terminal.ABORTED : Reversible.ABORTING;
        }
        Row row = Objects.requireNonNull(TABLE.get(state), () -> "the table has no row for " + state);
        return row.leaves().test(migration, observed) ? row.next() : state;
    }

    private static boolean givesUp(Migration migration, Observation observed) {
        boolean agentGaveUp = observed.source().failures().stream().anyMatch(f -> f.kind() == FailureKind.ABORT)
                || observed.destination().failures().stream().anyMatch(f -> f.kind() == FailureKind.ABORT);
        boolean stillRunsOnSource = migration.state() == Reversible.PLANNED
                || migration.state() == Reversible.PREPARING
                || migration.state() == Reversible.READY;
        boolean withdrawn = !observed.clearance().destinationOpen() && stillRunsOnSource;
        return migration.intent() == Intent.ABORT
                || agentGaveUp
                || withdrawn
                || observed.sourceWrittenOff()
                || observed.destinationWrittenOff();
    }

    private static boolean bothHeard(Observation observed) {
        return observed.source().contact() != Contact.SILENT
                && observed.destination().contact() != Contact.SILENT;
    }

    private static boolean free(Observation observed) {
        return observed.clearance().begin() == null;
    }

    private static boolean mayCutOver(Migration migration, Observation observed) {
        return migration.intent() == Intent.PROCEED
                && observed.clearance().cutover() == null
                && observed.source().contact() == Contact.CURRENT
                && observed.destination().attached()
                && observed.destination().connected();
    }

    private static List<Observation> observations() {
        List<Observation> all = new ArrayList<>();
        for (Instant now : List.of(NOW, NOW.plusSeconds(1_000_000))) {
            for (Source source : sources()) {
                for (Destination destination : destinations()) {
                    for (Clearance clearance : clearances()) {
                        for (int who = 0; who < 4; who++) {
                            all.add(new Observation(
                                    now, source, destination, clearance, (who & 1) != 0, (who & 2) != 0));
                        }
                    }
                }
            }
        }
        return all;
    }

    private static List<Clearance> clearances() {
        return List.of(
                Clearance.FREE,
                new Clearance(BLOCKED, null, true),
                new Clearance(null, BLOCKED, true),
                new Clearance(null, null, false));
    }

    private static List<Source> sources() {
        List<Source> all = new ArrayList<>();
        all.add(new Source(Contact.SILENT, false, false, false, List.of()));
        all.add(new Source(Contact.BEHIND, false, false, false, List.of()));
        for (List<FailureReport> failures : failures()) {
            for (int fact = 0; fact < 4; fact++) {
                all.add(new Source(Contact.CURRENT, fact == 1, fact == 2, fact == 3, failures));
            }
        }
        return all;
    }

    private static List<Destination> destinations() {
        List<Destination> all = new ArrayList<>();
        all.add(new Destination(
                Contact.SILENT, false, false, false, false, false, false, 0, false, List.of(), List.of(), List.of()));
        all.add(new Destination(
                Contact.BEHIND, false, false, false, false, false, false, 0, false, List.of(), List.of(), List.of()));
        for (List<FailureReport> failures : failures()) {
            for (int fact = 0; fact < 8; fact++) {
                for (boolean connected : new boolean[] {true, false}) {
                    all.add(new Destination(
                            Contact.CURRENT,
                            fact == 1,
                            fact == 2,
                            fact == 3,
                            fact == 4,
                            fact == 5,
                            fact == 6,
                            fact == 7 ? 3 : 0,
                            connected,
                            List.of(),
                            List.of(),
                            failures));
                }
            }
        }
        return all;
    }

    private static List<List<FailureReport>> failures() {
        List<List<FailureReport>> all = new ArrayList<>();
        all.add(List.of());
        for (FailureKind kind : FailureKind.values()) {
            all.add(List.of(new FailureReport(Migrations.ID, "IT_BROKE", "it broke", kind, 1, 1)));
        }
        return all;
    }
}
