package io.sluice.orchestrator.store;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.agents.HostStore;
import io.sluice.orchestrator.migration.HostSpecs;
import io.sluice.orchestrator.migration.Terms;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** Reports and specs. Taking a report is on the way of a cutover; indexing its inventory is not. */
@Repository
class SqlHostStore implements HostStore {
    private final JdbcClient sql;
    private final Json json;
    private final MigrationRows rows;
    private final SecretBox secrets;

    SqlHostStore(JdbcClient sql, Json json, MigrationRows rows, SecretBox secrets) {
        this.sql = sql;
        this.json = json;
        this.rows = rows;
        this.secrets = secrets;
    }

    @Override
    @Transactional
    public boolean take(HostReport report) {
        int newer = sql.sql("""
                        update worker set last_seen = clock_timestamp(), incarnation = :incarnation, sequence = :sequence,
                            applied_generation = :applied
                        where id = :worker and (incarnation, sequence) < (:incarnation, :sequence)""")
                .param("worker", report.worker().value())
                .param("incarnation", report.incarnation())
                .param("sequence", report.sequence())
                .param("applied", report.appliedGeneration())
                .update();
        if (newer == 0) {
            return false;
        }
        sql.sql("""
                        insert into host_report (worker, report) values (:worker, :report::jsonb)
                        on conflict (worker) do update set report = excluded.report, received_at = now()""")
                .param("worker", report.worker().value())
                .param("report", json.text(report))
                .update();
        if (report.incoming().stream()
                .anyMatch(volume -> volume.hydration() != null || volume.verification() != null)) {
            keepProgress(report);
        }
        return true;
    }

    /** What was last seen of each copy; stays after the clone device is gone from the reports. */
    private void keepProgress(HostReport report) {
        sql.sql("""
                        update migration_volume v set
                            region_bytes = coalesce((r.hydration->>'regionBytes')::integer, v.region_bytes),
                            total_regions = coalesce((r.hydration->>'totalRegions')::bigint, v.total_regions),
                            hydrated_regions = coalesce((r.hydration->>'hydratedRegions')::bigint, v.hydrated_regions),
                            copied_bytes = coalesce((r.hydration->>'copiedBytes')::bigint, v.copied_bytes),
                            skipped_bytes = coalesce((r.hydration->>'skippedBytes')::bigint, v.skipped_bytes),
                            written_bytes = coalesce((r.hydration->>'writtenBytes')::bigint, v.written_bytes),
                            bytes_per_second = (r.hydration->>'bytesPerSecond')::bigint,
                            verified_regions = coalesce((r.verification->>'verifiedRegions')::bigint, v.verified_regions),
                            written_regions = coalesce((r.verification->>'writtenRegions')::bigint, v.written_regions),
                            hole_regions = coalesce((r.verification->>'holeRegions')::bigint, v.hole_regions),
                            mismatched_regions = coalesce((r.verification->>'mismatchedRegions')::bigint, v.mismatched_regions)
                        from jsonb_to_recordset(:incoming::jsonb)
                            as r(migration text, volume text, hydration jsonb, verification jsonb)
                        where v.migration = r.migration and v.volume = r.volume and v.live
                          and exists (select from migration m where m.id = v.migration and m.destination = :worker)""")
                .param("incoming", json.text(report.incoming()))
                .param("worker", report.worker().value())
                .update();
    }

    @Override
    @Transactional
    public void index(HostReport report) {
        byte[] hash = hash(json.text(List.of(report.pools(), report.volumes(), report.workloads())));
        int changed = sql.sql("""
                        update host_report set inventory_hash = :hash
                        where worker = :worker and inventory_hash is distinct from :hash and exists (
                            select from worker w where w.id = :worker and w.incarnation = :incarnation and w.sequence = :sequence)""")
                .param("hash", hash)
                .param("worker", report.worker().value())
                .param("incarnation", report.incarnation())
                .param("sequence", report.sequence())
                .update();
        if (changed == 0) {
            return;
        }
        for (String table : List.of("pool", "volume", "workload")) {
            sql.sql("delete from " + table + " where worker = ?")
                    .param(report.worker().value())
                    .update();
        }
        insert(report.worker(), json.text(report.pools()), """
                insert into pool (worker, name, kind, capacity_bytes, committed_bytes, free_bytes)
                select :worker, name, kind, "capacityBytes", "committedBytes", "freeBytes"
                from jsonb_to_recordset(:items::jsonb) as r(
                    name text, kind text, "capacityBytes" bigint, "committedBytes" bigint, "freeBytes" bigint)""");
        insert(report.worker(), json.text(report.volumes()), """
                insert into volume (worker, id, pool, size_bytes, block_bytes, allocated_bytes, epoch, role, writable)
                select :worker, volume, pool, "sizeBytes", "blockBytes", "allocatedBytes", epoch, role, writable
                from jsonb_to_recordset(:items::jsonb) as r(volume text, pool text, "sizeBytes" bigint, "blockBytes" integer,
                    "allocatedBytes" bigint, epoch bigint, role text, writable boolean)""");
        insert(report.worker(), json.text(report.workloads()), """
                insert into workload (worker, id, status, epoch, held, definition)
                select :worker, definition->>'id', status, epoch, held, definition
                from jsonb_to_recordset(:items::jsonb) as r(definition jsonb, status text, epoch bigint, held boolean)""");
    }

    private void insert(WorkerId worker, String items, String statement) {
        sql.sql(statement).param("worker", worker.value()).param("items", items).update();
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public HostSpec spec(WorkerId worker) {
        long generation = sql.sql("select spec_generation from worker where id = ?")
                .param(worker.value())
                .query(Long.class)
                .single();
        List<HostSpecs.Part> parts = new ArrayList<>(sql.sql("select " + MigrationRows.COLUMNS + """
                        , m.secrets, m.retain_seconds, s.portal_host, s.portal_port, d.initiator_name
                        from migration m join worker s on s.id = m.source join worker d on d.id = m.destination
                        where m.live and m.state <> 'Planned' and (m.source = :worker or m.destination = :worker)""")
                .param("worker", worker.value())
                .query((row, number) -> part(row))
                .list());
        return HostSpecs.of(worker, generation, parts);
    }

    private HostSpecs.Part part(ResultSet row) throws SQLException {
        MigrationId migration = new MigrationId(row.getString("id"));
        return new HostSpecs.Part(
                rows.read(row),
                new Terms(
                        new Portal(row.getString("portal_host"), row.getInt("portal_port")),
                        row.getString("initiator_name"),
                        secrets.open(migration, row.getBytes("secrets")),
                        row.getLong("retain_seconds")));
    }
}
