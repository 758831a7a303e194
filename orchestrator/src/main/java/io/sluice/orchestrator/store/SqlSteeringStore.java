package io.sluice.orchestrator.store;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.DrainLimits;
import io.sluice.orchestrator.drain.OperatorAction;
import io.sluice.orchestrator.drain.SteeringStore;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.plan.Permission;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** What operators change, each in one transaction: true only where it changed something. */
@Repository
class SqlSteeringStore implements SteeringStore {
    private static final String MOVING = " and closed_at is null and cancel_requested_at is null";

    private final JdbcClient sql;
    private final SqlMigrationStore migrations;
    private final TransactionTemplate transaction;

    SqlSteeringStore(JdbcClient sql, SqlMigrationStore migrations, TransactionTemplate transaction) {
        this.sql = sql;
        this.migrations = migrations;
        this.transaction = transaction;
    }

    @Override
    public boolean pause(DrainId drain, boolean paused) {
        return sql.sql("update drain set paused_at = case when :paused then now() end where id = :id"
                                + " and (paused_at is not null) <> :paused" + MOVING)
                        .param("id", drain.value())
                        .param("paused", paused)
                        .update()
                > 0;
    }

    /**
     * A deadline is a part of the specs of those who copy. Every commit of the drain's migrations locks the drained worker: it was
     * there before, and its migration is among those that copy now, or it waits, and is told the new deadline with its own generation.
     */
    @Override
    public boolean change(DrainId drain, DrainLimits limits) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            lockHosts(drain);
            Instant deadline = deadline(drain);
            boolean changed = write(drain, limits);
            if (changed && !Objects.equals(deadline, deadline(drain))) {
                copying(drain).forEach(migrations::raise);
            }
            return changed;
        }));
    }

    /** In the order in which commits lock them. */
    private void lockHosts(DrainId drain) {
        sql.sql("""
            select w.id from worker w where w.id = (select worker from drain where id = :drain)
                or w.id in (select destination from migration where drain = :drain and live)
            order by w.id for update\
            """).param("drain", drain.value()).query(String.class).list();
    }

    private @Nullable Instant deadline(DrainId drain) {
        return sql.sql("select deadline_at from drain where id = ?")
                .param(drain.value())
                .query((row, number) -> Optional.ofNullable(Json.instant(row, "deadline_at")))
                .single()
                .orElse(null);
    }

    private List<WorkerId> copying(DrainId drain) {
        return sql.sql("""
            select distinct destination from migration where drain = ? and live and state = 'Hydrating'
            order by destination\
            """)
                .param(drain.value())
                .query((row, number) -> new WorkerId(row.getString(1)))
                .list();
    }

    /** As {@link DrainLimits#changedTo}: a permission that was taken back is one of nothing. */
    private boolean write(DrainId drain, DrainLimits limits) {
        Permission thirdParty = limits.thirdParty();
        return sql.sql("""
            update drain set max_concurrent_per_source = :source, max_concurrent_per_destination = :destination,
                priority = :priority, not_before = :notBefore::timestamptz, windows = :windows,
                deadline_at = :deadline::timestamptz, deadline_missed = :missed,
                third_party_volumes = coalesce(:thirdPartyVolumes::integer, third_party_volumes * 0),
                third_party_bytes = coalesce(:thirdPartyBytes::bigint, third_party_bytes * 0)
            where id = :id""" + MOVING)
                        .param("id", drain.value())
                        .param("source", limits.perSource())
                        .param("destination", limits.perDestination())
                        .param("priority", limits.priority())
                        .param("notBefore", time(limits.notBefore()))
                        .param("windows", Steerings.text(limits.windows()))
                        .param(
                                "deadline",
                                time(
                                        limits.deadline() == null
                                                ? null
                                                : limits.deadline().at()))
                        .param("thirdPartyVolumes", thirdParty == null ? null : thirdParty.volumes())
                        .param("thirdPartyBytes", thirdParty == null ? null : thirdParty.bytes())
                        .param("missed", Steerings.missed(limits.deadline()))
                        .update()
                > 0;
    }

    private static java.time.@Nullable OffsetDateTime time(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    @Override
    public boolean intend(MigrationId migration, Intent intent) {
        return sql.sql("""
            update migration set intent = :intent
            where id = :id and intent <> 'ABORT' and (state in ('Planned', 'Preparing', 'Ready')
                or :intent <> 'HOLD' and state in ('Stopping', 'Cloning'))""")
                        .param("id", migration.value())
                        .param("intent", intent.name())
                        .update()
                > 0;
    }

    @Override
    public void forgive(DrainId drain, String cargo) {
        sql.sql("update migration set forgiven = true where drain = :drain and cargo_name = :cargo and state ="
                        + " 'Aborted'")
                .param("drain", drain.value())
                .param("cargo", cargo)
                .update();
    }

    @Override
    public void record(OperatorAction action) {
        sql.sql("""
            insert into operator_action (actor, action, drain, migration, reason)
            values (:actor, :action, :drain, :migration, :reason)""")
                .param("actor", action.by().actor())
                .param("action", action.kind().name())
                .param("drain", action.drain().value())
                .param(
                        "migration",
                        action.migration() == null ? null : action.migration().value())
                .param("reason", action.by().reason())
                .update();
    }

    @Override
    public List<OperatorAction.Recorded> actions(DrainId drain, int limit) {
        return sql.sql("select * from operator_action where drain = :drain order by id desc limit :limit")
                .param("drain", drain.value())
                .param("limit", limit)
                .query((row, number) -> new OperatorAction.Recorded(
                        Json.requireInstant(row, "at"),
                        new OperatorAction(
                                OperatorAction.Kind.valueOf(row.getString("action")),
                                drain,
                                row.getString("migration") == null ? null : new MigrationId(row.getString("migration")),
                                new OperatorAction.By(row.getString("actor"), row.getString("reason")))))
                .list();
    }
}
