package io.sluice.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.ceiling.Grant;
import io.sluice.orchestrator.ceiling.PacedVolume;
import io.sluice.orchestrator.database.TestDatabase;
import io.sluice.orchestrator.fleet.Ceiling;
import io.sluice.orchestrator.fleet.Ceilings;
import io.sluice.orchestrator.fleet.Link;
import io.sluice.orchestrator.fleet.Link.Direction;
import io.sluice.orchestrator.fleet.Link.Scope;
import io.sluice.orchestrator.migration.Generations;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.MigrationStore.Outcome;
import io.sluice.orchestrator.migration.Room;
import io.sluice.orchestrator.migration.Situation;
import io.sluice.orchestrator.migration.Transition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ceilings, places below them and rates, on a real PostgreSQL. */
class SqlCeilingsTest {
    private static final TestDatabase DATABASE = TestDatabase.empty("ceilings");
    private static final Link RACK = new Link(Scope.RACK, "r1", Direction.IN);
    private static final Link FLEET = new Link(Scope.FLEET, "*", Direction.OUT);

    private final StoredFleet fleet = new StoredFleet(DATABASE);
    private int reports;

    @TempDir
    private Path data;

    private Situation read(MigrationId id) {
        return Objects.requireNonNull(fleet.store.situation(id));
    }

    private static Transition begin(Situation situation) {
        return new Transition(
                situation.migration(), Reversible.PREPARING, null, null, situation.generations(), situation.rooms());
    }

    private void racks() {
        fleet.sql
                .sql("update worker set rack = 'r1', zone = 'z', region = 'eu' where id in ('b', 'c')")
                .update();
    }

    @Test
    void keepsWhoChangedWhichCeiling() {
        fleet.ceilings.set(RACK, new Ceiling(2, null), "admin");
        fleet.ceilings.set(RACK, new Ceiling(2, 1L << 20), "admin");
        fleet.ceilings.set(FLEET, new Ceiling(9, null), "admin");
        fleet.ceilings.set(FLEET, null, "root");

        assertThat(fleet.ceilings.ceilings()).isEqualTo(new Ceilings(Map.of(RACK, new Ceiling(2, 1L << 20))));
        assertThat(fleet.sql
                        .sql("select actor || ' ' || subject || ' ' || coalesce(after->>'migrations', 'gone')"
                                + " from setting_change order by id")
                        .query(String.class)
                        .list())
                .containsExactly(
                        "admin ceiling/RACK/r1/IN 2",
                        "admin ceiling/RACK/r1/IN 2",
                        "admin ceiling/FLEET/*/OUT 9",
                        "root ceiling/FLEET/*/OUT gone");
    }

    @Test
    void countsWhatIsUnderWayOnEveryLink() {
        racks();
        fleet.migration("one", StoredFleet.B, Reversible.PREPARING, null);
        fleet.migration("two", StoredFleet.C, ForwardOnly.HYDRATING, null);
        fleet.migration("later", StoredFleet.C, Reversible.PLANNED, null);

        assertThat(fleet.ceilings.taken())
                .containsEntry(RACK, 2)
                .containsEntry(FLEET, 2)
                .containsEntry(new Link(Scope.WORKER, "a", Direction.OUT), 2)
                .containsEntry(new Link(Scope.WORKER, "c", Direction.IN), 1)
                .containsEntry(new Link(Scope.REGION, "eu", Direction.IN), 2)
                .doesNotContainKey(new Link(Scope.WORKER, "b", Direction.OUT));
    }

    @Test
    void aPlaceBelowACeilingIsTakenOnceThoughTwoSawItFree() {
        racks();
        fleet.ceilings.set(RACK, new Ceiling(1, null), "admin");
        Situation one = read(fleet.migration("one", StoredFleet.B, Reversible.PLANNED, null));
        Situation two = read(fleet.migration("two", StoredFleet.C, Reversible.PLANNED, null));
        assertThat(one.rooms()).containsExactly(new Room(RACK, 1, 0));
        assertThat(two.rooms()).containsExactly(new Room(RACK, 1, 0));

        assertThat(fleet.store.commit(begin(one))).isInstanceOf(Outcome.Committed.class);
        Transition late =
                new Transition(two.migration(), Reversible.PREPARING, null, null, new Generations(11, 10), two.rooms());
        assertThat(fleet.store.commit(late)).isEqualTo(new Outcome.Conflict());

        assertThat(read(two.migration().id()).rooms()).containsExactly(new Room(RACK, 1, 1));
        fleet.ceilings.set(RACK, new Ceiling(2, null), "admin");
        Situation again = read(two.migration().id());
        assertThat(fleet.store.commit(begin(again))).isInstanceOf(Outcome.Committed.class);
    }

    @Test
    void withoutCeilingsNothingIsLookedUpOrHeldBack() {
        MigrationId id = fleet.migration("one", StoredFleet.B, ForwardOnly.STARTING, null);
        assertThat(read(fleet.migration("two", StoredFleet.B, Reversible.PLANNED, null))
                        .rooms())
                .isEmpty();

        fleet.store.commit(new Transition(read(id).migration(), ForwardOnly.HYDRATING, null, null, null));

        assertThat(fleet.pacing.copying()).extracting(PacedVolume::granted).containsExactly(PacedVolume.UNLIMITED);
    }

    private MigrationId copying(String workload, WorkerId destination) {
        MigrationId id = fleet.migration(workload, destination, ForwardOnly.STARTING, null);
        fleet.store.commit(new Transition(read(id).migration(), ForwardOnly.HYDRATING, null, null, null));
        return id;
    }

    private void report(WorkerId worker, int actionsPending) {
        HostReport report = new HostReport(
                worker,
                1,
                ++reports,
                fleet.generation(worker),
                "boot",
                actionsPending,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                null);
        assertThat(fleet.hosts(data.resolve("server")).take(report)).isTrue();
    }

    private Grant grant(MigrationId id, long bytes) {
        return new Grant(id, read(id).migration().cargo().volumes().getFirst().id(), bytes);
    }

    @Test
    void underACeilingOnBytesCopyingBeginsWithItsFirstRate() {
        fleet.ceilings.set(FLEET, new Ceiling(null, 1L << 20), "admin");

        MigrationId id = copying("one", StoredFleet.B);
        assertThat(fleet.pacing.copying()).singleElement().satisfies(volume -> {
            assertThat(volume.granted()).isZero();
            assertThat(volume.loose()).isZero();
            assertThat(volume.path()).contains(FLEET);
        });

        long source = fleet.generation(StoredFleet.A);
        long destination = fleet.generation(StoredFleet.B);
        long other = fleet.generation(StoredFleet.C);
        assertThat(fleet.pacing.grant(fleet.pacing.begin(), id, List.of(grant(id, 1000))))
                .isTrue();

        assertThat(fleet.generation(StoredFleet.A)).isEqualTo(source + 1);
        assertThat(fleet.generation(StoredFleet.B)).isEqualTo(destination + 1);
        assertThat(fleet.generation(StoredFleet.C)).isEqualTo(other);
        assertThat(fleet.pacing.copying()).extracting(PacedVolume::granted).containsExactly(1000L);
    }

    @Test
    void whatWasTakenAwayCountsUntilAHostHasDoneAllThatItWasTold() {
        fleet.ceilings.set(FLEET, new Ceiling(null, 1L << 20), "admin");
        MigrationId id = copying("one", StoredFleet.B);
        fleet.pacing.grant(fleet.pacing.begin(), id, List.of(grant(id, 1000)));
        fleet.pacing.grant(fleet.pacing.begin(), id, List.of(grant(id, 400)));

        assertThat(fleet.pacing.copying()).extracting(PacedVolume::loose).containsExactly(1000L);
        fleet.pacing.grant(fleet.pacing.begin(), id, List.of(grant(id, 500)));
        assertThat(fleet.pacing.copying()).extracting(PacedVolume::loose).containsExactly(1000L);

        report(StoredFleet.B, 1);
        assertThat(fleet.pacing.copying())
                .as("it has read the lower rate and not kept to it yet")
                .extracting(PacedVolume::loose)
                .containsExactly(1000L);
        report(StoredFleet.B, 0);
        assertThat(fleet.pacing.copying()).extracting(PacedVolume::loose).containsExactly(500L);
    }

    @Test
    void aMoreUrgentDrainHasALargerShare() {
        copying("one", StoredFleet.B);
        assertThat(fleet.pacing.copying()).extracting(PacedVolume::weight).containsExactly(16);

        fleet.sql.sql("update drain set priority = 50").update();
        assertThat(fleet.pacing.copying()).extracting(PacedVolume::weight).containsExactly(64);

        fleet.sql.sql("update drain set priority = -100").update();
        assertThat(fleet.pacing.copying()).extracting(PacedVolume::weight).containsExactly(1);
    }

    @Test
    void anEarlierRoundWritesNothingAnyMore() {
        fleet.ceilings.set(FLEET, new Ceiling(null, 1L << 20), "admin");
        MigrationId id = copying("one", StoredFleet.B);
        long earlier = fleet.pacing.begin();
        long later = fleet.pacing.begin();

        assertThat(fleet.pacing.grant(earlier, id, List.of(grant(id, 1)))).isFalse();
        assertThat(fleet.pacing.grant(later, id, List.of(grant(id, 2)))).isTrue();
        assertThat(fleet.pacing.copying()).extracting(PacedVolume::granted).containsExactly(2L);
    }

    @Test
    void aHostInTheCutoverOfAnotherMigrationIsUntouchableUntilItsDeadline() {
        copying("one", StoredFleet.B);
        MigrationId other = fleet.migration("two", StoredFleet.C, Reversible.STOPPING, null);
        fleet.sql
                .sql("update migration set deadline_at = now() + interval '1 minute' where id = ?")
                .param(other.value())
                .update();
        assertThat(fleet.pacing.copying()).extracting(PacedVolume::untouchable).containsExactly(true);

        fleet.sql
                .sql("update migration set deadline_at = now() - interval '1 minute' where id = ?")
                .param(other.value())
                .update();
        assertThat(fleet.pacing.copying()).extracting(PacedVolume::untouchable).containsExactly(false);
    }
}
