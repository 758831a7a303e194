package io.sluice.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.api.MigrationId;
import io.sluice.orchestrator.database.TestDatabase;
import io.sluice.orchestrator.migration.Generations;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.MigrationState.Terminal;
import io.sluice.orchestrator.migration.MigrationStore.Outcome;
import io.sluice.orchestrator.migration.Situation;
import io.sluice.orchestrator.migration.Transition;
import io.sluice.orchestrator.reason.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

/** What a commit promises, on a real PostgreSQL. */
class SqlMigrationStoreTest {
    private static final TestDatabase DATABASE = TestDatabase.empty("store");

    private final StoredFleet fleet = new StoredFleet(DATABASE);
    private final SqlMigrationStore store = fleet.store;

    private Situation read(MigrationId id) {
        return Objects.requireNonNull(store.situation(id));
    }

    private static Transition to(Migration from, MigrationState state) {
        return new Transition(from, state, null, null, null);
    }

    private Migration commit(Transition transition) {
        assertThat(store.commit(transition)).isInstanceOf(Outcome.Committed.class);
        return read(transition.from().id()).migration();
    }

    @Test
    void writesTheStateItsEventAndBothGenerationsAtOnce() {
        MigrationId id = fleet.migration("db", StoredFleet.B, Reversible.PLANNED, null);
        Migration planned = read(id).migration();

        Outcome outcome = store.commit(
                new Transition(planned, Reversible.PREPARING, null, Duration.ofMinutes(5), new Generations(10, 10)));

        Situation after = read(id);
        assertThat(outcome).isEqualTo(new Outcome.Committed(after.migration()));
        assertThat(after.migration().state()).isEqualTo(Reversible.PREPARING);
        assertThat(after.migration().position().version()).isEqualTo(1);
        assertThat(after.migration().position().generations()).isEqualTo(new Generations(11, 11));
        assertThat(after.migration().position().deadline())
                .isEqualTo(after.migration().position().since().plus(Duration.ofMinutes(5)));
        assertThat(after.generations()).isEqualTo(new Generations(11, 11));
        assertThat(fleet.events(id)).containsExactly("Planned>Preparing 1");
    }

    @Test
    void raisesNoGenerationOfAHostThatIsAskedNothingNew() {
        MigrationId id = fleet.migration("db", StoredFleet.B, Reversible.READY, null);

        Migration stopping = commit(to(read(id).migration(), Reversible.STOPPING));

        assertThat(stopping.position().generations()).isEqualTo(new Generations(11, 0));
        assertThat(fleet.generation(StoredFleet.A)).isEqualTo(11);
        assertThat(fleet.generation(StoredFleet.B)).isEqualTo(10);
        assertThat(fleet.generation(StoredFleet.C)).isEqualTo(10);
    }

    @Test
    void refusesAVersionThatHasPassedAndWritesNothing() {
        MigrationId id = fleet.migration("db", StoredFleet.B, Reversible.PLANNED, null);
        Migration stale = read(id).migration();
        Migration preparing = commit(to(stale, Reversible.PREPARING));

        assertThat(store.commit(to(stale, Reversible.PREPARING))).isEqualTo(new Outcome.Conflict());

        assertThat(read(id).migration()).isEqualTo(preparing);
        assertThat(fleet.generation(StoredFleet.A)).isEqualTo(11);
        assertThat(fleet.events(id)).hasSize(1);
    }

    @Test
    void refusesAnotherEpochAndWritesNothing() {
        MigrationId id = fleet.migration("db", StoredFleet.B, Reversible.PLANNED, null);
        Migration real = read(id).migration();
        Migration forged = new Migration(
                id, real.drain(), real.cargo(), real.route(), real.epoch() + 1, real.intent(), real.position());

        assertThat(store.commit(to(forged, Reversible.PREPARING))).isEqualTo(new Outcome.Conflict());

        assertThat(read(id).migration()).isEqualTo(real);
        assertThat(fleet.generation(StoredFleet.B)).isEqualTo(10);
        assertThat(fleet.events(id)).isEmpty();
    }

    @Test
    void keepsNothingOfACommitWhoseEventCannotBeWritten() {
        MigrationId id = fleet.migration("db", StoredFleet.B, Reversible.PLANNED, null);
        Migration planned = read(id).migration();
        fleet.sql
                .sql(
                        "insert into migration_event (migration, drain, to_state, version) values ('m-db', 'd1', 'Ready', 1)")
                .update();

        assertThatThrownBy(() -> store.commit(to(planned, Reversible.PREPARING)))
                .isInstanceOf(DataAccessException.class);

        assertThat(read(id).migration()).isEqualTo(planned);
        assertThat(fleet.generation(StoredFleet.A)).isEqualTo(10);
    }

    @Test
    void givesASlotToOneOfTwoThatSawItFree() {
        Migration first = read(fleet.migration("db", StoredFleet.B, Reversible.PLANNED, null))
                .migration();
        Migration second = read(fleet.migration("web", StoredFleet.C, Reversible.PLANNED, null))
                .migration();
        Generations seen = new Generations(10, 10);

        assertThat(store.commit(new Transition(first, Reversible.PREPARING, null, null, seen)))
                .isInstanceOf(Outcome.Committed.class);
        assertThat(store.commit(new Transition(second, Reversible.PREPARING, null, null, seen)))
                .as("the source's generation moved since")
                .isEqualTo(new Outcome.Conflict());

        assertThat(store.commit(new Transition(second, Reversible.PREPARING, null, null, new Generations(11, 10))))
                .isInstanceOf(Outcome.Committed.class);
    }

    @Test
    void aSlotThatIsNotAllowedAnyMoreIsNotTaken() {
        Migration first = read(fleet.migration("db", StoredFleet.B, Reversible.PLANNED, null))
                .migration();
        Generations seen = new Generations(10, 10);
        Transition begins = new Transition(
                first, Reversible.PREPARING, null, null, seen, List.of(), new Transition.Slots(2, 2), null, Set.of());
        fleet.sql.sql("update drain set max_concurrent_per_source = 1").update();

        assertThat(store.commit(begins)).as("lowered since it was read").isEqualTo(new Outcome.Conflict());

        fleet.sql
                .sql("update drain set max_concurrent_per_source = 2, max_concurrent_per_destination = 2")
                .update();
        assertThat(store.commit(begins)).isInstanceOf(Outcome.Committed.class);
    }

    @Test
    void letsOneOfManyAtTheSameMomentWin() throws Exception {
        MigrationId id = fleet.migration("db", StoredFleet.B, Reversible.PLANNED, null);
        Migration planned = read(id).migration();
        Callable<Outcome> attempt = () -> store.commit(to(planned, Reversible.PREPARING));

        List<Outcome> outcomes;
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            outcomes = threads.invokeAll(Stream.generate(() -> attempt).limit(8).toList()).stream()
                    .map(Future::resultNow)
                    .collect(Collectors.toList());
        }

        assertThat(outcomes).filteredOn(Outcome.Committed.class::isInstance).hasSize(1);
        assertThat(fleet.generation(StoredFleet.A)).isEqualTo(11);
        assertThat(fleet.events(id)).hasSize(1);
    }

    @Test
    void letsOneMemberOfAGroupIntoItsCutoverAtATime() {
        Migration first = read(fleet.migration("db-1", StoredFleet.B, Reversible.READY, "db"))
                .migration();
        Migration second = read(fleet.migration("db-2", StoredFleet.C, Reversible.READY, "db"))
                .migration();

        Migration inCutover = commit(to(first, Reversible.STOPPING));
        assertThat(store.commit(to(second, Reversible.STOPPING))).isEqualTo(new Outcome.Conflict());
        assertThat(fleet.events(second.id())).isEmpty();

        inCutover = commit(to(inCutover, Reversible.CLONING));
        inCutover = commit(to(inCutover, ForwardOnly.STARTING));
        commit(to(inCutover, ForwardOnly.HYDRATING));
        assertThat(store.commit(to(second, Reversible.STOPPING))).isInstanceOf(Outcome.Committed.class);
    }

    @Test
    void wipesTheSecretsAndFreesTheVolumeWhenItEnds() {
        MigrationId id = fleet.migration("db", StoredFleet.B, ForwardOnly.RELEASING, null);
        assertThat(fleet.number("select count(*) from migration where id = ? and secrets is not null", "m-db"))
                .isEqualTo(1);

        Migration done = commit(to(read(id).migration(), Terminal.DONE));

        assertThat(done.live()).isFalse();
        assertThat(fleet.number(
                        "select count(*) from migration where id = ? and secrets is null and ended_at is not null",
                        "m-db"))
                .isEqualTo(1);
        assertThat(fleet.number("select count(*) from migration_volume where migration = ? and live", "m-db"))
                .isZero();
        assertThat(store.situations(StoredFleet.A)).isEmpty();
    }

    @Test
    void neverGoesBackPastStarting() {
        MigrationId id = fleet.migration("db", StoredFleet.B, ForwardOnly.HYDRATING, null);
        Migration hydrating = read(id).migration();

        assertThatThrownBy(() -> store.commit(to(hydrating, Reversible.ABORTING)))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("point of no return");

        assertThat(read(id).migration()).isEqualTo(hydrating);
    }

    @Test
    void keepsSinceWhenAReasonHoldsForTheVersionItWasFoundAt() {
        MigrationId id = fleet.migration("db", StoredFleet.B, Reversible.PLANNED, null);
        store.note(id, 0, new Reason("BUSY", "first", "wait"));
        var since = read(id).migration().position().reasonSince();

        store.note(id, 0, new Reason("BUSY", "second", "wait"));
        assertThat(read(id).migration().position().reason()).isEqualTo(new Reason("BUSY", "second", "wait"));
        assertThat(read(id).migration().position().reasonSince()).isEqualTo(since);

        store.note(id, 0, new Reason("OTHER", "third", "wait"));
        assertThat(read(id).migration().position().reasonSince()).isAfter(since);

        store.note(id, 7, new Reason("STALE", "of another version", "wait"));
        assertThat(code(read(id).migration().position().reason())).isEqualTo("OTHER");
    }

    private static @Nullable String code(@Nullable Reason reason) {
        return reason == null ? null : reason.code();
    }

    @Test
    void namesTheLiveMigrationsOfEitherEndInTheirOrder() {
        MigrationId first = fleet.migration("db", StoredFleet.B, Reversible.PLANNED, null);
        MigrationId second = fleet.migration("web", StoredFleet.C, ForwardOnly.HYDRATING, null);

        assertThat(ids(store.situations(StoredFleet.A))).containsExactly(first, second);
        assertThat(ids(store.situations(StoredFleet.C))).containsExactly(second);
    }

    private static List<MigrationId> ids(List<Situation> situations) {
        return situations.stream().map(situation -> situation.migration().id()).toList();
    }
}
