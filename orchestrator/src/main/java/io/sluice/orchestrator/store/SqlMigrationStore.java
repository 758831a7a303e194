package io.sluice.orchestrator.store;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Outgoing;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Cargo;
import io.sluice.orchestrator.fleet.Link;
import io.sluice.orchestrator.migration.Generations;
import io.sluice.orchestrator.migration.LeftBehind;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.MigrationStore;
import io.sluice.orchestrator.migration.Position;
import io.sluice.orchestrator.migration.Room;
import io.sluice.orchestrator.migration.Situation;
import io.sluice.orchestrator.migration.Transition;
import io.sluice.orchestrator.reason.Reason;
import io.sluice.orchestrator.settings.ServerSettings;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Migrations in PostgreSQL: their commits; {@link SituationReader} reads. On the way of a cutover: plain SQL, few statements. Both
 * workers' rows are locked in the order of their ids before anything else, so that commits never wait for each other in a circle.
 */
@Repository
class SqlMigrationStore implements MigrationStore {
    private final JdbcClient sql;
    private final SqlCeilings ceilings;
    private final SituationReader situations;
    private final Duration retain;
    private final TransactionTemplate transaction;

    SqlMigrationStore(
            JdbcClient sql,
            MigrationRows rows,
            Reports reports,
            SqlCeilings ceilings,
            ServerSettings settings,
            TransactionTemplate transaction) {
        this.sql = sql;
        this.ceilings = ceilings;
        this.situations = new SituationReader(sql, rows, reports, ceilings, settings.lostAfter());
        this.retain = settings.retain();
        this.transaction = transaction;
    }

    @Override
    public @Nullable Situation situation(MigrationId migration) {
        return situations.of(migration);
    }

    @Override
    public List<Situation> situations(WorkerId worker) {
        return situations.of(worker);
    }

    @Override
    public List<Situation> underWay(WorkerId worker) {
        return situations.underWay(worker);
    }

    @Override
    public List<Situation> planned(WorkerId worker, int skip, int limit) {
        return situations.planned(worker, skip, limit);
    }

    @Override
    public Outcome commit(Transition transition) {
        try {
            Outcome outcome = transaction.execute(status -> {
                Outcome tried = tryCommit(transition);
                if (tried instanceof Outcome.Conflict) {
                    status.setRollbackOnly();
                }
                return tried;
            });
            return outcome == null ? new Outcome.Conflict() : outcome;
        } catch (DuplicateKeyException e) {
            if (String.valueOf(e.getMessage()).contains("migration_cutover_once_per_group")) {
                return new Outcome.Conflict();
            }
            throw e;
        }
    }

    private Outcome tryCommit(Transition transition) {
        Migration from = transition.from();
        Locked locked = lock(from);
        if (transition.unchanged() != null && !transition.unchanged().equals(locked.generations())) {
            return new Outcome.Conflict();
        }
        if (transition.needsOpenDestination() && !stillOpen(from.destination())) {
            return new Outcome.Conflict();
        }
        if (transition.slots() != null && !stillAllowed(from, transition.slots())) {
            return new Outcome.Conflict();
        }
        if (!stillRoom(transition.rooms())) {
            return new Outcome.Conflict();
        }
        Generations raised = new Generations(
                locked.generations().source() + (transition.asksSource() ? 1 : 0),
                locked.generations().destination() + (transition.asksDestination() ? 1 : 0));
        Migration after = transition.committed(locked.now(), raised);
        if (move(from, after) == 0) {
            return new Outcome.Conflict();
        }
        if (transition.asksSource()) {
            raise(from.source());
        }
        if (transition.asksDestination()) {
            raise(from.destination());
        }
        if (after.state() == MigrationState.ForwardOnly.HYDRATING) {
            holdBack(after);
        }
        transition.without().forEach(host -> leaveBehind(after, host));
        if (after.state() == MigrationState.Terminal.DONE) {
            retain(after);
        }
        return new Outcome.Committed(after);
    }

    /**
     * Asked while the worker's row is locked, in a statement of its own: a cordon changes that row and a drain's beginning refers to it,
     * so either was there before and is seen, or waits for this commit.
     */
    private boolean stillOpen(WorkerId destination) {
        return sql.sql("select " + SituationReader.OPEN + " from worker d where d.id = ?")
                .param(destination.value())
                .query(Boolean.class)
                .single();
    }

    /** An operator may have lowered it since it was read. */
    private boolean stillAllowed(Migration migration, Transition.Slots slots) {
        return sql.sql("""
            select max_concurrent_per_source = :source and max_concurrent_per_destination = :destination
            from drain where id = :drain\
            """)
                .param("source", slots.perSource())
                .param("destination", slots.perDestination())
                .param("drain", migration.drain().value())
                .query(Boolean.class)
                .single();
    }

    /** Counted again while nobody else can take a place; what is taken then is seen, for each statement reads anew. */
    private boolean stillRoom(List<Room> rooms) {
        if (rooms.isEmpty()) {
            return true;
        }
        ceilings.lockPlaces();
        Map<Link, Integer> taken = ceilings.taken();
        return rooms.stream().noneMatch(room -> taken.getOrDefault(room.link(), 0) >= room.most());
    }

    /** Where there are ceilings on bytes, copying begins with the first rate it is granted. */
    private void holdBack(Migration migration) {
        sql.sql("""
            update migration_volume set granted_bytes_per_second = 0, loose_bytes_per_second = null
            where migration = ? and exists (select from ceiling where bytes_per_second is not null)\
            """).param(migration.id().value()).update();
    }

    private void leaveBehind(Migration migration, WorkerId host) {
        sql.sql("insert into left_behind (worker, migration) values (?, ?)")
                .params(host.value(), migration.id().value())
                .update();
    }

    /**
     * What the source keeps is known from here on; what made room is to be deleted at once, whatever its drain asked for. A host that was told to delete its copies by itself, as an earlier release told
     * hosts, does so: nothing could be decided over them.
     */
    private void retain(Migration migration) {
        for (Cargo.Volume volume : migration.cargo().volumes()) {
            sql.sql("""
                insert into retained_copy (migration, volume, worker, epoch, size_bytes, retired_at, deletable_at)
                select m.id, :volume, m.source, :epoch, :size, m.ended_at,
                    case when m.makes_room_for is not null then m.ended_at
                        when r.keep_copies then null
                        else m.ended_at + coalesce(r.retain_seconds, :seconds) * interval '1 second' end
                from migration m join drain r on r.id = m.drain
                where m.id = :migration and m.retain_seconds >= :untilTold\
                """)
                    .param("volume", volume.id().value())
                    .param("epoch", volume.epoch())
                    .param("size", volume.sizeBytes())
                    .param("seconds", retain.toSeconds())
                    .param("migration", migration.id().value())
                    .param("untilTold", Outgoing.UNTIL_TOLD_SECONDS)
                    .update();
        }
    }

    private record Locked(Generations generations, Instant now) {}

    private Locked lock(Migration migration) {
        Map<String, Long> generations = new HashMap<>();
        List<Instant> times = sql.sql("""
            select id, spec_generation, clock_timestamp() as now from worker where id in (:source, :destination)
            order by id for update\
            """)
                .param("source", migration.source().value())
                .param("destination", migration.destination().value())
                .query((row, number) -> {
                    generations.put(row.getString("id"), row.getLong("spec_generation"));
                    return Json.requireInstant(row, "now");
                })
                .list();
        return new Locked(
                new Generations(
                        generations.getOrDefault(migration.source().value(), 0L),
                        generations.getOrDefault(migration.destination().value(), 0L)),
                times.getLast());
    }

    /** Whatever changes what a worker is told locks its row first, as a commit does. */
    void lock(WorkerId worker) {
        sql.sql("select id from worker where id = ? for update")
                .param(worker.value())
                .query(String.class)
                .list();
    }

    /** Told to all replicas with the commit: whichever holds the worker's call answers it. */
    void raise(WorkerId worker) {
        sql.sql("""
            with raised as (
                update worker set spec_generation = spec_generation + 1 where id = :id returning id)
            select pg_notify(:channel, id) from raised\
            """)
                .param("id", worker.value())
                .param("channel", SpecNotifications.CHANNEL)
                .query((row, number) -> worker)
                .list();
    }

    /** The row and its event in one statement; 0 when somebody else moved it. */
    private int move(Migration from, Migration after) {
        Position position = after.position();
        Reason cause = position.cause();
        Reason waits = position.reason();
        return sql.sql("""
            with moved as (
                update migration set state = :state, version = :version, entered_at = :now, deadline_at = :deadline,
                    source_generation = :source, destination_generation = :destination,
                    cause_code = :cause, cause_message = :message, cause_remedy = :remedy,
                    reason_code = :waits, reason_message = :waitsMessage, reason_remedy = :waitsRemedy,
                    reason_since = case when :waits::text is null then null else :now::timestamptz end,
                    cutover_group = :group,
                    secrets = case when :ended then null else secrets end,
                    ended_at = case when :ended then :now::timestamptz end,
                    stopping_at = case when :state = 'Stopping' then :now::timestamptz else stopping_at end,
                    running_at = case when :state = 'Hydrating' then :now::timestamptz else running_at end
                where id = :id and version = :expected and epoch = :epoch
                returning old.state as from_state, new.*, old.entered_at as entered_before)
            insert into migration_event (migration, drain, at, from_state, to_state, version, reason_code,
                reason_message, millis_in_previous)
            select id, drain, entered_at, from_state, state, version, cause_code, cause_message,
                round(extract(epoch from entered_at - entered_before) * 1000)
            from moved\
            """)
                .param("state", position.state().title())
                .param("version", position.version())
                .param("now", time(position.since()))
                .param("deadline", position.deadline() == null ? null : time(position.deadline()))
                .param("source", position.generations().source())
                .param("destination", position.generations().destination())
                .param("cause", cause == null ? null : cause.code())
                .param("message", cause == null ? null : cause.message())
                .param("remedy", cause == null ? null : cause.remedy())
                .param("waits", waits == null ? null : waits.code())
                .param("waitsMessage", waits == null ? null : waits.message())
                .param("waitsRemedy", waits == null ? null : waits.remedy())
                .param("group", after.cutoverGroup())
                .param("ended", position.state() instanceof MigrationState.Terminal)
                .param("id", from.id().value())
                .param("expected", from.position().version())
                .param("epoch", from.epoch())
                .update();
    }

    private static OffsetDateTime time(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    @Override
    public List<LeftBehind> leftBehind() {
        return situations.leftBehind();
    }

    @Override
    public void cleared(MigrationId migration, WorkerId host) {
        transaction.executeWithoutResult(status -> {
            lock(host);
            int gone = sql.sql("delete from left_behind where worker = ? and migration = ?")
                    .params(host.value(), migration.value())
                    .update();
            if (gone > 0) {
                raise(host);
            }
        });
    }

    @Override
    public void note(MigrationId migration, long version, Reason reason) {
        sql.sql("""
            update migration set reason_code = :code, reason_message = :message, reason_remedy = :remedy,
                reason_since = case when reason_code = :code then reason_since else now() end
            where id = :id and version = :version and live\
            """)
                .param("code", reason.code())
                .param("message", reason.message())
                .param("remedy", reason.remedy())
                .param("id", migration.value())
                .param("version", version)
                .update();
    }
}
