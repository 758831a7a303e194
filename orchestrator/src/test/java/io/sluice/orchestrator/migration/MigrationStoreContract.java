package io.sluice.orchestrator.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.MigrationState.Terminal;
import io.sluice.orchestrator.migration.MigrationStore.Outcome;
import io.sluice.orchestrator.reason.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every store of migrations promises. Each test begins with workers "a", "b" and "c" at generation 10 and one open drain
 * of "a", two migrations at once allowed.
 */
public abstract class MigrationStoreContract {
    protected static final WorkerId A = new WorkerId("a");
    protected static final WorkerId B = new WorkerId("b");
    protected static final WorkerId C = new WorkerId("c");

    protected abstract MigrationStore store();

    /** A migration "m-NAME" of a workload of that name with a volume "NAME-data", under epoch 3, put into that state. */
    protected abstract MigrationId put(
            String workload, WorkerId destination, MigrationState state, @Nullable String group);

    protected abstract void cordon(WorkerId worker);

    private Situation read(MigrationId id) {
        return Objects.requireNonNull(store().situation(id));
    }

    private Migration migration(MigrationId id) {
        return read(id).migration();
    }

    private static Transition to(Migration from, MigrationState state) {
        return new Transition(from, state, null, null, null);
    }

    private Migration commit(Migration from, MigrationState state) {
        assertThat(store().commit(to(from, state))).isInstanceOf(Outcome.Committed.class);
        return migration(from.id());
    }

    @Test
    void aCommitWritesTheStateAndRaisesTheGenerationsOfBothHosts() {
        Migration planned = migration(put("db", B, Reversible.PLANNED, null));

        Outcome outcome = store().commit(new Transition(
                planned, Reversible.PREPARING, null, Duration.ofMinutes(5), new Generations(10, 10)));

        Situation after = read(planned.id());
        Position position = after.migration().position();
        assertThat(outcome).isEqualTo(new Outcome.Committed(after.migration()));
        assertThat(position.version()).isEqualTo(1);
        assertThat(position.generations()).isEqualTo(new Generations(11, 11));
        assertThat(position.deadline()).isEqualTo(position.since().plus(Duration.ofMinutes(5)));
        assertThat(after.generations()).isEqualTo(new Generations(11, 11));
    }

    @Test
    void aHostThatIsAskedNothingNewKeepsItsGeneration() {
        MigrationId id = put("db", B, Reversible.READY, null);

        Migration stopping = commit(migration(id), Reversible.STOPPING);

        assertThat(stopping.position().generations()).isEqualTo(new Generations(11, 0));
        assertThat(read(id).generations()).isEqualTo(new Generations(11, 10));
    }

    @Test
    void aVersionThatHasPassedIsAConflict() {
        Migration stale = migration(put("db", B, Reversible.PLANNED, null));
        Migration preparing = commit(stale, Reversible.PREPARING);

        assertThat(store().commit(to(stale, Reversible.PREPARING))).isEqualTo(new Outcome.Conflict());
        assertThat(migration(stale.id())).isEqualTo(preparing);
    }

    @Test
    void anotherEpochIsAConflict() {
        Migration real = migration(put("db", B, Reversible.PLANNED, null));
        Migration forged = new Migration(
                real.id(), real.drain(), real.cargo(), real.route(), real.epoch() + 1, real.intent(), real.position());

        assertThat(store().commit(to(forged, Reversible.PREPARING))).isEqualTo(new Outcome.Conflict());
        assertThat(migration(real.id())).isEqualTo(real);
    }

    @Test
    void aSlotGoesToOneOfTwoThatSawItFree() {
        Migration first = migration(put("db", B, Reversible.PLANNED, null));
        Migration second = migration(put("web", C, Reversible.PLANNED, null));
        Generations seen = new Generations(10, 10);

        assertThat(store().commit(new Transition(first, Reversible.PREPARING, null, null, seen)))
                .isInstanceOf(Outcome.Committed.class);
        assertThat(store().commit(new Transition(second, Reversible.PREPARING, null, null, seen)))
                .isEqualTo(new Outcome.Conflict());
    }

    @Test
    void oneMemberOfAGroupIsInItsCutoverAtATime() {
        Migration first = migration(put("db-1", B, Reversible.READY, "db"));
        Migration second = migration(put("db-2", C, Reversible.READY, "db"));
        Migration inCutover = commit(first, Reversible.STOPPING);

        assertThat(store().commit(to(second, Reversible.STOPPING))).isEqualTo(new Outcome.Conflict());

        inCutover = commit(commit(inCutover, Reversible.CLONING), ForwardOnly.STARTING);
        commit(inCutover, ForwardOnly.HYDRATING);
        assertThat(store().commit(to(second, Reversible.STOPPING))).isInstanceOf(Outcome.Committed.class);
    }

    @Test
    void nothingGoesBackPastStarting() {
        Migration hydrating = migration(put("db", B, ForwardOnly.HYDRATING, null));

        assertThatThrownBy(() -> store().commit(to(hydrating, Reversible.ABORTING)))
                .isInstanceOf(RuntimeException.class)
                .hasMessageContaining("point of no return");
        assertThat(migration(hydrating.id())).isEqualTo(hydrating);
    }

    @Test
    void whatHasEndedIsNoNeighbourAndNoBusinessOfAWorker() {
        Migration ending = migration(put("db", B, ForwardOnly.RELEASING, null));
        MigrationId other = put("web", C, Reversible.PLANNED, null);
        assertThat(read(other).others()).extracting(Migration::id).containsExactly(ending.id());

        commit(ending, Terminal.DONE);

        assertThat(read(other).others()).isEmpty();
        assertThat(store().situations(B)).isEmpty();
    }

    @Test
    void onlyMembersOfItsGroupMatterToWhatHasBegun() {
        MigrationId member = put("db-1", B, Reversible.READY, "db");
        put("web", B, Reversible.PLANNED, null);
        MigrationId begun = put("db-2", C, Reversible.READY, "db");
        MigrationId alone = put("mail", C, ForwardOnly.HYDRATING, null);

        assertThat(read(begun).others()).extracting(Migration::id).containsExactly(member);
        assertThat(read(alone).others()).isEmpty();
    }

    @Test
    void thoseInTheirCutoverComeFirst() {
        MigrationId first = put("db", B, Reversible.PREPARING, null);
        MigrationId second = put("web", C, Reversible.CLONING, null);
        MigrationId third = put("mail", C, ForwardOnly.HYDRATING, null);

        List<Situation> situations = store().situations(A);

        assertThat(situations)
                .extracting(situation -> situation.migration().id())
                .containsExactly(second, first, third);
        assertThat(situations.getFirst())
                .usingRecursiveComparison()
                .ignoringFields("now")
                .isEqualTo(read(second));
    }

    @Test
    void aReasonIsKeptForTheVersionItWasFoundAtAndItsTimeForAsLongAsItsCode() {
        MigrationId id = put("db", B, Reversible.PLANNED, null);
        store().note(id, 0, new Reason("BUSY", "first", "wait"));
        Instant since = migration(id).position().reasonSince();

        store().note(id, 0, new Reason("BUSY", "second", "wait"));
        store().note(id, 7, new Reason("STALE", "of another version", "wait"));

        assertThat(migration(id).position().reason()).isEqualTo(new Reason("BUSY", "second", "wait"));
        assertThat(migration(id).position().reasonSince()).isEqualTo(since);
    }

    @Test
    void aDestinationThatIsCordonedOrDrainedIsNotOpen() {
        MigrationId towardsB = put("db", B, Reversible.PLANNED, null);
        assertThat(read(towardsB).destinationOpen()).isTrue();

        cordon(B);

        assertThat(read(towardsB).destinationOpen()).isFalse();
    }

    @Test
    void nothingComesNearerToADestinationThatWasCordonedAfterItWasRead() {
        Migration planned = migration(put("db", B, Reversible.PLANNED, null));
        Migration ready = migration(put("web", B, Reversible.READY, null));
        Migration cutOver = migration(put("mail", B, Reversible.STOPPING, null));

        cordon(B);

        assertThat(store().commit(to(planned, Reversible.PREPARING))).isEqualTo(new Outcome.Conflict());
        assertThat(store().commit(to(ready, Reversible.STOPPING))).isEqualTo(new Outcome.Conflict());
        assertThat(migration(planned.id())).isEqualTo(planned);
        assertThat(migration(ready.id())).isEqualTo(ready);
        assertThat(commit(cutOver, Reversible.CLONING).state())
                .as("its workload is down: it goes on")
                .isEqualTo(Reversible.CLONING);
        Reason withdrawn = new Reason("DESTINATION_WITHDRAWN", "b was cordoned", "");
        assertThat(store().commit(new Transition(ready, Reversible.ABORTING, withdrawn, null, null)))
                .as("giving up needs no open destination")
                .isInstanceOf(Outcome.Committed.class);
    }
}
