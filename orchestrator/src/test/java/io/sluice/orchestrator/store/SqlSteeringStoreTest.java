package io.sluice.orchestrator.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.database.TestDatabase;
import io.sluice.orchestrator.drain.DrainLimits;
import io.sluice.orchestrator.drain.OperatorAction;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.MigrationState.ForwardOnly;
import io.sluice.orchestrator.migration.MigrationState.Reversible;
import io.sluice.orchestrator.migration.Situation;
import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.migration.Window;
import io.sluice.orchestrator.plan.Permission;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What operators change, on a real PostgreSQL, and how it reaches the machine. */
class SqlSteeringStoreTest {
    private static final TestDatabase DATABASE = TestDatabase.empty("steering");
    private static final DrainId D1 = new DrainId("d1");
    private static final Instant LATER = Instant.parse("2030-01-01T00:00:00Z");

    private final StoredFleet fleet = new StoredFleet(DATABASE);
    private final SqlSteeringStore store = fleet.steering;

    private Situation read(MigrationId id) {
        return Objects.requireNonNull(fleet.store.situation(id));
    }

    @Test
    void whatIsChangedReachesTheNextDecision() {
        MigrationId id = fleet.migration("db", StoredFleet.B, Reversible.PLANNED, null);
        assertThat(read(id).limits().steering()).isEqualTo(Steering.NONE.withPriorities(Map.of(D1, 0)));

        var limits = new DrainLimits(
                5,
                6,
                7,
                LATER,
                List.of(Window.parse("22:00-04:00 Europe/Berlin"), Window.parse("12:00-13:00 UTC")),
                new Steering.Deadline(LATER.plusSeconds(60), Steering.Missed.PAUSE));
        assertThat(store.change(D1, limits)).isTrue();
        assertThat(store.pause(D1, true)).isTrue();

        Situation after = read(id);
        assertThat(after.limits().perSource()).isEqualTo(5);
        assertThat(after.limits().perDestination()).isEqualTo(6);
        assertThat(after.limits().steering()).isEqualTo(limits.steering(true).withPriorities(Map.of(D1, 7)));
    }

    @Test
    void anotherDeadlineIsToldToThoseWhoCopyAndToNobodyElse() {
        fleet.migration("db", StoredFleet.B, ForwardOnly.HYDRATING, null);
        fleet.migration("web", StoredFleet.C, Reversible.PREPARING, null);
        Steering.Deadline deadline = new Steering.Deadline(LATER, Steering.Missed.ALARM);

        assertThat(store.change(D1, new DrainLimits(2, 2, 0, null, List.of(), deadline)))
                .isTrue();
        assertThat(generation(StoredFleet.B)).isEqualTo(11);
        assertThat(generation(StoredFleet.A)).isEqualTo(10);
        assertThat(generation(StoredFleet.C)).isEqualTo(10);

        assertThat(store.change(D1, new DrainLimits(3, 3, 0, null, List.of(), deadline)))
                .isTrue();
        assertThat(generation(StoredFleet.B)).as("the deadline is the same").isEqualTo(11);
    }

    @Test
    void aPermissionThatWasTakenBackIsOneOfNothing() {
        String kept = "select coalesce(third_party_volumes * 1000 + third_party_bytes, -1) from drain where id = ?";
        DrainLimits none = DrainLimits.DEFAULT;
        var permitting = new DrainLimits(2, 2, 0, null, List.of(), null, new Permission(3, 7));

        store.change(D1, none);
        assertThat(fleet.number(kept, "d1")).as("it never had one").isEqualTo(-1);
        store.change(D1, permitting);
        assertThat(fleet.number(kept, "d1")).isEqualTo(3007);
        store.change(D1, none);
        assertThat(fleet.number(kept, "d1")).isZero();
        assertThat(permitting.changedTo(none).thirdParty()).isEqualTo(Permission.NONE);
        assertThat(none.changedTo(none).thirdParty()).isNull();
    }

    private long generation(WorkerId worker) {
        return fleet.number("select spec_generation from worker where id = ?", worker.value());
    }

    @Test
    void everyDecisionKnowsHowUrgentTheOthersAre() {
        fleet.sql.sql("""
                insert into drain (id, worker, actor, reason, max_concurrent_per_source, max_concurrent_per_destination, priority)
                values ('d2', 'c', 'test', '', 2, 2, 9)""").update();
        MigrationId id = fleet.migration("db", StoredFleet.B, Reversible.PLANNED, null);
        MigrationId other = fleet.migration("web", StoredFleet.B, Reversible.PLANNED, null);
        fleet.sql
                .sql("update migration set drain = 'd2' where id = ?")
                .param(other.value())
                .update();

        assertThat(read(id).limits().steering().priorities()).isEqualTo(Map.of(D1, 0, new DrainId("d2"), 9));
        assertThat(fleet.store.situations(StoredFleet.B))
                .allSatisfy(situation ->
                        assertThat(situation.limits().steering().priorities()).containsEntry(new DrainId("d2"), 9));
    }

    @Test
    void pausingTwiceChangesNothingAndAnEndedDrainIsLeftAlone() {
        assertThat(store.pause(D1, false)).isFalse();
        assertThat(store.pause(D1, true)).isTrue();
        assertThat(store.pause(D1, true)).isFalse();
        assertThat(store.pause(D1, false)).isTrue();

        fleet.sql.sql("update drain set cancel_requested_at = now()").update();
        assertThat(store.pause(D1, true)).isFalse();
        assertThat(store.change(D1, DrainLimits.DEFAULT)).isFalse();
    }

    @Test
    void anIntentIsTakenOnlyWhileItMatters() {
        for (MigrationState state : MigrationState.all()) {
            boolean before = List.<MigrationState>of(Reversible.PLANNED, Reversible.PREPARING, Reversible.READY)
                    .contains(state);
            boolean cutover = state == Reversible.STOPPING || state == Reversible.CLONING;
            if (state instanceof MigrationState.Terminal) {
                continue;
            }
            MigrationId id = fleet.migration(
                    "w-" + state.title().toLowerCase(java.util.Locale.ROOT), StoredFleet.B, state, null);

            assertThat(store.intend(id, Intent.HOLD)).as("hold in %s", state).isEqualTo(before);
            assertThat(store.intend(id, Intent.ABORT)).as("abort in %s", state).isEqualTo(before || cutover);
            assertThat(store.intend(id, Intent.PROCEED))
                    .as("no way back from abort in %s", state)
                    .isFalse();
        }
        assertThat(fleet.number("select count(*) from migration where intent = 'ABORT' and id <> ?", ""))
                .isEqualTo(5);
    }

    @Test
    void whatWasAskedIsKeptNewestFirst() {
        MigrationId id = fleet.migration("db", StoredFleet.B, ForwardOnly.HYDRATING, null);
        var by = new OperatorAction.By("operator", "lunch");
        var pause = new OperatorAction(OperatorAction.Kind.PAUSE, D1, null, by);
        var hold = new OperatorAction(OperatorAction.Kind.HOLD, D1, id, new OperatorAction.By("admin", ""));
        store.record(pause);
        store.record(hold);

        assertThat(store.actions(D1, 10))
                .extracting(OperatorAction.Recorded::action)
                .containsExactly(hold, pause);
        assertThat(store.actions(D1, 1)).hasSize(1);
    }
}
