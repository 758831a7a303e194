package io.sluice.orchestrator.store;

import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.retention.RetainedCopy;
import io.sluice.orchestrator.retention.RetentionStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** Retained copies in PostgreSQL. Whatever changes what a worker is told locks the worker's row first, as a commit does. */
@Repository
class SqlRetention implements RetentionStore {
    private static final String COPIES = """
        select c.worker, c.volume, c.epoch, c.migration, m.drain, c.size_bytes, c.retired_at, c.deletable_at, c.decision,
            c.decided_at, c.decided_by
        from retained_copy c join migration m on m.id = c.migration
        where c.gone_at is null\
        """;

    private static final String ONE = " worker = :worker and volume = :volume and epoch = :epoch";

    /** A copy's own worker, or the one that has what it was copied to: while one of them is written off, it may be all there is. */
    private static final String COUNTED = """
         and not exists (
            select from migration m join worker o on o.id in (m.source, m.destination)
            where m.id = c.migration and o.written_off_at is not null)\
        """;

    private final JdbcClient sql;
    private final SqlMigrationStore migrations;
    private final TransactionTemplate transaction;

    SqlRetention(JdbcClient sql, SqlMigrationStore migrations, TransactionTemplate transaction) {
        this.sql = sql;
        this.migrations = migrations;
        this.transaction = transaction;
    }

    @Override
    public List<RetainedCopy> copies() {
        return sql.sql(COPIES + " order by c.worker, c.volume, c.epoch")
                .query((row, number) -> copy(row))
                .list();
    }

    @Override
    public @Nullable RetainedCopy find(RetainedCopy.Key copy) {
        return sql.sql(COPIES + " and c.worker = :worker and c.volume = :volume and c.epoch = :epoch")
                .param("worker", copy.worker().value())
                .param("volume", copy.volume().value())
                .param("epoch", copy.epoch())
                .query((row, number) -> copy(row))
                .optional()
                .orElse(null);
    }

    private static RetainedCopy copy(ResultSet row) throws SQLException {
        String decision = row.getString("decision");
        Instant decided = Json.instant(row, "decided_at");
        return new RetainedCopy(
                new RetainedCopy.Key(
                        new WorkerId(row.getString("worker")),
                        new VolumeId(row.getString("volume")),
                        row.getLong("epoch")),
                new MigrationId(row.getString("migration")),
                new DrainId(row.getString("drain")),
                row.getLong("size_bytes"),
                Json.requireInstant(row, "retired_at"),
                Json.instant(row, "deletable_at"),
                decision == null || decided == null
                        ? null
                        : new RetainedCopy.Decision(
                                RetainedCopy.Verdict.valueOf(decision),
                                decided,
                                Objects.requireNonNull(row.getString("decided_by"))));
    }

    @Override
    public boolean keep(RetainedCopy.Key copy, String actor) {
        return decide(copy, "KEEP", actor, "decision is distinct from 'DELETE'") > 0;
    }

    @Override
    public boolean delete(RetainedCopy.Key copy, String actor) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            migrations.lock(copy.worker());
            if (decide(copy, "DELETE", actor, "decision is distinct from 'DELETE'") > 0) {
                migrations.raise(copy.worker());
                return true;
            }
            return find(copy) != null;
        }));
    }

    private int decide(RetainedCopy.Key copy, String decision, String actor, String only) {
        return sql.sql(
                        "update retained_copy set decision = :decision, decided_at = clock_timestamp(), decided_by = :actor where"
                                + ONE + " and gone_at is null and " + only)
                .param("decision", decision)
                .param("actor", actor)
                .param("worker", copy.worker().value())
                .param("volume", copy.volume().value())
                .param("epoch", copy.epoch())
                .update();
    }

    @Override
    public List<WorkerId> due() {
        return sql.sql("""
            select c.worker from retained_copy c join worker w on w.id = c.worker
            where c.gone_at is null and (c.decision = 'DELETE' and w.last_seen > c.decided_at
                or c.decision is null and c.deletable_at <= clock_timestamp()\
            """ + COUNTED + ") group by c.worker order by c.worker")
                .query((row, number) -> new WorkerId(row.getString(1)))
                .list();
    }

    @Override
    public boolean settle(WorkerId worker) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            migrations.lock(worker);
            int decided = sql.sql("""
                update retained_copy c set decision = 'DELETE', decided_at = clock_timestamp(), decided_by = :policy
                where worker = :worker and gone_at is null and decision is null and deletable_at <= clock_timestamp()\
                """ + COUNTED)
                    .param("policy", RetainedCopy.POLICY)
                    .param("worker", worker.value())
                    .update();
            boolean differs = decided + gone(worker) > 0;
            if (differs) {
                migrations.raise(worker);
            }
            return differs;
        }));
    }

    /**
     * An agent that does not list its retired copies tells nothing of them: then nothing counts as gone. Nor does what a worker has
     * yet to retire, of a migration that ended without it.
     */
    private int gone(WorkerId worker) {
        return sql.sql("""
            update retained_copy c set gone_at = clock_timestamp()
            from host_report r
            where c.worker = :worker and r.worker = c.worker and c.gone_at is null and c.decision = 'DELETE'
              and jsonb_typeof(r.report->'retired') = 'array'
              and not exists (select from left_behind l where l.worker = c.worker and l.migration = c.migration)
              and not exists (
                  select from jsonb_array_elements(r.report->'retired') seen
                  where seen->>'volume' = c.volume and (seen->>'epoch')::bigint = c.epoch)\
            """).param("worker", worker.value()).update();
    }
}
