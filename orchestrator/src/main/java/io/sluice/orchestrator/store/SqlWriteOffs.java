package io.sluice.orchestrator.store;

import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.OperatorAction;
import io.sluice.orchestrator.drain.WriteOffStore;
import io.sluice.orchestrator.settings.ServerSettings;
import java.time.Duration;
import java.util.Objects;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;

/** Written-off workers in PostgreSQL. The worker's row is locked, as a commit locks it: each sees the other or waits for it. */
@Repository
class SqlWriteOffs implements WriteOffStore {
    private final JdbcClient sql;
    private final SqlMigrationStore migrations;
    private final Duration lostAfter;
    private final TransactionTemplate transaction;

    SqlWriteOffs(
            JdbcClient sql, SqlMigrationStore migrations, ServerSettings settings, TransactionTemplate transaction) {
        this.sql = sql;
        this.migrations = migrations;
        this.lostAfter = settings.lostAfter();
        this.transaction = transaction;
    }

    private record Row(boolean writtenOff, boolean silent) {}

    @Override
    public Outcome writeOff(WorkerId worker, OperatorAction.By by) {
        return Objects.requireNonNull(transaction.execute(status -> {
            Row row = lock(worker);
            if (row.writtenOff()) {
                return Outcome.BEFORE;
            }
            if (!row.silent()) {
                return Outcome.REPORTING;
            }
            sql.sql("""
                update worker set cordoned = true, written_off_at = clock_timestamp(), written_off_by = :actor,
                    written_off_reason = :reason
                where id = :id\
                """)
                    .param("actor", by.actor())
                    .param("reason", by.reason())
                    .param("id", worker.value())
                    .update();
            migrations.raise(worker);
            return Outcome.WRITTEN_OFF;
        }));
    }

    @Override
    public void reinstate(WorkerId worker) {
        transaction.executeWithoutResult(status -> {
            if (lock(worker).writtenOff()) {
                sql.sql("""
                    update worker set cordoned = true, written_off_at = null, written_off_by = null, written_off_reason = null
                    where id = :id\
                    """).param("id", worker.value()).update();
                migrations.raise(worker);
            }
        });
    }

    private Row lock(WorkerId worker) {
        return sql.sql("""
            select written_off_at is not null,
                coalesce(last_seen < clock_timestamp() - make_interval(secs => :silence), true)
            from worker where id = :id for update\
            """)
                .param("silence", lostAfter.toMillis() / 1000.0)
                .param("id", worker.value())
                .query((row, number) -> new Row(row.getBoolean(1), row.getBoolean(2)))
                .single();
    }
}
