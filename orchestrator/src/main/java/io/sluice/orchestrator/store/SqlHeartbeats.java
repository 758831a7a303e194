package io.sluice.orchestrator.store;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.agents.HeartbeatStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/** Heartbeats in PostgreSQL: one statement for all, and a second one where copies have got on. */
@Repository
class SqlHeartbeats implements HeartbeatStore {
    /**
     * A row that a commit holds is passed over: so no batch waits for a commit, and none for a batch that waits for another. A report
     * replaces the one it was compared with and no other, which the row itself says when it is written.
     */
    private static final String BEAT = """
        with told as (
            select * from jsonb_to_recordset(:beats::jsonb) as t(worker text, received timestamptz, report jsonb)),
        here as (
            select w.id from worker w where w.id = any(string_to_array(:workers, ',')) for no key update skip locked),
        kept as (
            update host_report h set report = t.report, received_at = clock_timestamp()
            from told t join here on here.id = t.worker
            where h.worker = t.worker and h.received_at = t.received and t.report is not null
            returning h.worker, h.received_at, (t.report->>'incarnation')::bigint as incarnation,
                (t.report->>'sequence')::bigint as sequence),
        seen as (
            update worker w set last_seen = clock_timestamp(), incarnation = coalesce(k.incarnation, w.incarnation),
                sequence = coalesce(k.sequence, w.sequence)
            from here left join kept k on k.worker = here.id
            where w.id = here.id
            returning w.id, w.spec_generation, encode(w.credential_hash, 'hex') as credential, w.incarnation, w.sequence, k.received_at)
        select seen.*, set_config('synchronous_commit', 'off', true) from seen\
        """;

    private final JdbcClient sql;
    private final Json json;
    private final Reports reports;
    private final HydrationRows hydration;

    SqlHeartbeats(JdbcClient sql, Json json, Reports reports, HydrationRows hydration) {
        this.sql = sql;
        this.json = json;
        this.reports = reports;
        this.hydration = hydration;
    }

    private record Told(
            String worker,
            @Nullable String received,
            @Nullable HostReport report) {}

    /** Does not wait for the disk: what a crash of the database takes back is told again. */
    @Override
    @Transactional
    public List<Standing> beat(List<Beat> beats) {
        List<Told> told = new ArrayList<>();
        Map<WorkerId, HostReport> counters = new HashMap<>();
        for (Beat beat : beats) {
            OffsetDateTime received = beat.counters() == null ? null : reports.receivedAt(beat.kept());
            if (beat.counters() != null && received != null) {
                counters.put(beat.worker(), beat.counters());
                told.add(new Told(beat.worker().value(), received.toString(), beat.counters()));
            }
        }
        List<HostReport> progress = new ArrayList<>();
        List<Standing> standings = sql.sql(BEAT)
                .param("beats", json.text(told))
                .param(
                        "workers",
                        beats.stream().map(beat -> beat.worker().value()).collect(Collectors.joining(",")))
                .query((row, number) -> {
                    WorkerId worker = new WorkerId(row.getString("id"));
                    HostReport report = counters.get(worker);
                    OffsetDateTime received = Reports.received(row, "received_at");
                    if (report != null && received != null) {
                        reports.received(report, received);
                        progress.add(report);
                    }
                    return standing(worker, row);
                })
                .list();
        hydration.keep(progress);
        return standings;
    }

    private static Standing standing(WorkerId worker, ResultSet row) throws SQLException {
        return new Standing(
                worker,
                row.getLong("spec_generation"),
                row.getString("credential"),
                row.getLong("incarnation"),
                row.getLong("sequence"));
    }
}
