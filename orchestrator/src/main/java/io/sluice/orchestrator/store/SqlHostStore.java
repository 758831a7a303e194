package io.sluice.orchestrator.store;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.agents.HostStore;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.ObjectMapper;

/** Reports and specs. */
@Repository
class SqlHostStore implements HostStore {
    private final JdbcClient sql;
    private final ObjectMapper json;

    SqlHostStore(JdbcClient sql, ObjectMapper json) {
        this.sql = sql;
        this.json = json;
    }

    @Override
    @Transactional
    public boolean take(HostReport report) {
        return sql.sql("""
                        with heard as (
                            update worker set last_seen = now() where id = :worker
                            returning (incarnation, sequence) < (:incarnation::bigint, :sequence::bigint) as newer
                        ), kept as (
                            insert into host_report (worker, report, inventory_hash)
                            select :worker, :report::jsonb, '' from heard where newer
                            on conflict (worker) do update set report = excluded.report, received_at = now()
                        )
                        select newer from heard""")
                .param("worker", report.worker().value())
                .param("incarnation", report.incarnation())
                .param("sequence", report.sequence())
                .param("report", json.writeValueAsString(report))
                .query(Boolean.class)
                .single();
    }

    @Override
    public HostSpec spec(WorkerId worker) {
        return HostSpec.empty(worker);
    }
}
