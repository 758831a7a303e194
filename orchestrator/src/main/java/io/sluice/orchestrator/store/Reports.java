package io.sluice.orchestrator.store;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.WorkerId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Each worker's newest report, parsed once: it is read far more often than it changes, and a fleet's reports are too much to fetch
 * for every decision. A statement that needs them selects only when each was received, which names it; what is not known here
 * yet is fetched by {@link #of}.
 */
@Component
class Reports {
    /** So many are fetched in one statement: a fleet's after a start, by pieces that fit into memory. */
    private static final int AT_ONCE = 500;

    private final JdbcClient sql;
    private final Json json;
    private final ConcurrentHashMap<WorkerId, Known> known = new ConcurrentHashMap<>();

    private record Known(OffsetDateTime received, HostReport report) {}

    Reports(JdbcClient sql, Json json) {
        this.sql = sql;
        this.json = json;
    }

    /** What was received then is this. Said before its transaction ends: one that fails leaves a name that nothing asks for. */
    void received(HostReport report, OffsetDateTime at) {
        known.put(report.worker(), new Known(at, report));
    }

    /** When this very report was received; null where it is not the one that is known. */
    @Nullable
    OffsetDateTime receivedAt(HostReport report) {
        Known one = known.get(report.worker());
        return one != null
                        && one.report().incarnation() == report.incarnation()
                        && one.report().sequence() == report.sequence()
                ? one.received()
                : null;
    }

    /** A column that says when a worker's report was received; null where it never reported. */
    static @Nullable OffsetDateTime received(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class);
    }

    /**
     * The reports of these workers that were received at these times, or newer ones: a report that came meanwhile is as true, and what
     * is decided on it is compared with the rows when it is committed.
     */
    Map<WorkerId, HostReport> of(Map<WorkerId, OffsetDateTime> received) {
        Map<WorkerId, HostReport> reports = HashMap.newHashMap(received.size());
        List<String> missing = new ArrayList<>();
        received.forEach((worker, at) -> {
            Known one = known.get(worker);
            if (one != null && one.received().isEqual(at)) {
                reports.put(worker, one.report());
            } else {
                missing.add(worker.value());
            }
        });
        for (int from = 0; from < missing.size(); from += AT_ONCE) {
            fetch(missing.subList(from, Math.min(missing.size(), from + AT_ONCE)), reports);
        }
        return reports;
    }

    private void fetch(List<String> workers, Map<WorkerId, HostReport> into) {
        sql.sql("select worker, received_at, report from host_report where worker in (:workers)")
                .param("workers", workers)
                .query(row -> {
                    HostReport report = json.value(row.getString("report"), HostReport.class);
                    WorkerId worker = new WorkerId(row.getString("worker"));
                    known.put(worker, new Known(row.getObject("received_at", OffsetDateTime.class), report));
                    into.put(worker, report);
                });
    }
}
