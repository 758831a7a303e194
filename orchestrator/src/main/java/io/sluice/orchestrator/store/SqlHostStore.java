package io.sluice.orchestrator.store;

import io.sluice.agent.api.ChapSecrets;
import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.RegisterRequest;
import io.sluice.agent.api.RetiredCopy;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.agents.HostStore;
import io.sluice.orchestrator.migration.HostSpecs;
import io.sluice.orchestrator.migration.Terms;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Reports and specs. Both are on the way of a cutover: few statements each. */
@Repository
class SqlHostStore implements HostStore {
    /** In one order, since the same generation must have the same content. */
    private static final String DELETIONS = """
        (select jsonb_agg(jsonb_build_object('volume', c.volume, 'epoch', c.epoch) order by c.volume, c.epoch)
         from retained_copy c where c.worker = w.id and c.decision = 'DELETE' and c.gone_at is null)\
        """;

    /** One migration and how its hosts meet. */
    private static final String PART = MigrationRows.COLUMNS + """
            , m.secrets, m.retain_seconds, (
                select jsonb_object_agg(v.volume, v.granted_bytes_per_second) from migration_volume v
                where v.migration = m.id and v.granted_bytes_per_second is not null) as granted, s.portal_host, s.portal_port, d.initiator_name,
                r.deadline_at as drain_deadline
            from migration m join worker s on s.id = m.source join worker d on d.id = m.destination
            join drain r on r.id = m.drain\
            """;

    /**
     * Whether a worker w is told of a migration m. A workload that was stopped on a source which was written off starts there again
     * only once an operator has reinstated the worker: it may have been restored elsewhere meanwhile. Until then it stays held.
     */
    static final String NAMED =
            "not (w.written_off_at is not null and m.source = w.id and m.state in ('Aborting', 'Aborted'))";

    private final JdbcClient sql;
    private final Json json;
    private final MigrationRows rows;
    private final SecretBox secrets;
    private final Reports reports;
    private final HydrationRows hydration;

    SqlHostStore(
            JdbcClient sql,
            Json json,
            MigrationRows rows,
            SecretBox secrets,
            Reports reports,
            HydrationRows hydration) {
        this.sql = sql;
        this.json = json;
        this.rows = rows;
        this.secrets = secrets;
        this.reports = reports;
        this.hydration = hydration;
    }

    /**
     * Does not wait for the disk (synchronous_commit off, for this transaction): a report that a crash of the database takes back
     * is observed again with the next one, while every decision made on it is a commit that does wait, and carries it along.
     */
    @Override
    @Transactional
    public boolean take(HostReport report) {
        RegisterRequest.Capabilities able = report.capabilities();
        boolean newer = !sql.sql("""
            update worker set last_seen = clock_timestamp(), incarnation = :incarnation, sequence = :sequence,
                applied_generation = :applied, dm_clone = coalesce(:dmClone, dm_clone),
                portable_clone = coalesce(:portableClone, portable_clone),
                converged_generation = case when :pending = 0 then :applied else converged_generation end
            where id = :worker and (incarnation, sequence) < (:incarnation, :sequence)
            returning set_config('synchronous_commit', 'off', true)\
            """)
                .param("worker", report.worker().value())
                .param("incarnation", report.incarnation())
                .param("sequence", report.sequence())
                .param("applied", report.appliedGeneration())
                .param("pending", report.actionsPending())
                .param("dmClone", able == null ? null : able.dmClone(), Types.BOOLEAN)
                .param("portableClone", able == null ? null : able.portableClone(), Types.BOOLEAN)
                .query(String.class)
                .list()
                .isEmpty();
        if (!newer) {
            return false;
        }
        OffsetDateTime received = sql.sql("""
            insert into host_report (worker, report) values (:worker, :report::jsonb)
            on conflict (worker) do update set report = excluded.report, received_at = now()
            returning received_at\
            """)
                .param("worker", report.worker().value())
                .param("report", json.text(report))
                .query(OffsetDateTime.class)
                .single();
        reports.received(report, received);
        hydration.keep(List.of(report));
        return true;
    }

    /** One statement, thus one snapshot of the generation and of what it stands for. */
    @Override
    public HostSpec spec(WorkerId worker) {
        List<HostSpecs.Part> parts = new ArrayList<>();
        List<RetiredCopy> deletions = new ArrayList<>();
        long generation = sql.sql("select w.spec_generation, " + DELETIONS
                        + " as deletions, p.* from worker w left join lateral (select " + PART + """
                         where m.live and m.state <> 'Planned' and (m.source = w.id or m.destination = w.id) and\
                        """ + " " + NAMED
                        + " union all select " + PART
                        + " join left_behind l on l.migration = m.id where l.worker = w.id and " + NAMED
                        + ") p on true where w.id = :worker")
                .param("worker", worker.value())
                .query((row, number) -> {
                    if (row.getString("id") != null) {
                        parts.add(part(row));
                    }
                    if (number == 0) {
                        deletions.addAll(deletions(row.getString("deletions")));
                    }
                    return row.getLong("spec_generation");
                })
                .list()
                .getFirst();
        return HostSpecs.of(worker, generation, parts, deletions);
    }

    private List<RetiredCopy> deletions(@Nullable String text) {
        return text == null ? List.of() : List.of(json.value(text, RetiredCopy[].class));
    }

    private HostSpecs.Part part(ResultSet row) throws SQLException {
        MigrationId migration = new MigrationId(row.getString("id"));
        return new HostSpecs.Part(
                rows.read(row),
                new Terms(
                        new Portal(row.getString("portal_host"), row.getInt("portal_port")),
                        row.getString("initiator_name"),
                        secrets(migration, row.getBytes("secrets")),
                        row.getLong("retain_seconds")),
                granted(row.getString("granted")),
                Json.instant(row, "drain_deadline"));
    }

    private ChapSecrets secrets(MigrationId migration, byte @Nullable [] sealed) {
        return sealed == null ? Terms.WIPED : secrets.open(migration, sealed);
    }

    private Map<VolumeId, Long> granted(@Nullable String text) {
        Map<VolumeId, Long> granted = new HashMap<>();
        if (text != null) {
            json.numbers(text).forEach((volume, bytes) -> granted.put(new VolumeId(volume), bytes));
        }
        return granted;
    }
}
