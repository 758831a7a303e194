package io.sluice.orchestrator.store;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.RegisterRequest.Capabilities;
import io.sluice.agent.api.RegisterRequest.Location;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.DrainMode;
import io.sluice.orchestrator.drain.FleetReading;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.fleet.Reservation;
import io.sluice.orchestrator.fleet.Worker;
import io.sluice.orchestrator.fleet.WorkerProfile;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.settings.ServerSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;

/** The fleet from registrations, newest reports and live migrations. */
@Repository
class SqlFleet {
    private static final TypeReference<Map<String, String>> LABELS = new TypeReference<>() {};

    private final JdbcClient sql;
    private final Json json;
    private final ObjectMapper mapper;
    private final MigrationRows rows;
    private final Duration lostAfter;

    SqlFleet(JdbcClient sql, Json json, ObjectMapper mapper, MigrationRows rows, ServerSettings settings) {
        this.sql = sql;
        this.json = json;
        this.mapper = mapper;
        this.rows = rows;
        this.lostAfter = settings.lostAfter();
    }

    /**
     * Migrations are read first: one that ends between the two statements then holds its reservation a moment too long, where
     * the other order could show its room as free before the report shows its volume.
     */
    @Transactional(readOnly = true)
    FleetReading read() {
        List<Reservation> reservations = sql
                .sql("select " + MigrationRows.COLUMNS + " from migration m where m.live")
                .query((row, number) -> rows.read(row))
                .list()
                .stream()
                .map(Migration::reservation)
                .toList();
        Instant now = sql.sql("select clock_timestamp() as now")
                .query((row, number) -> Json.requireInstant(row, "now"))
                .single();
        List<FleetReading.WorkerReading> workers =
                sql.sql("""
                    select w.*, h.report, d.id as drain, d.mode
                    from worker w
                    left join host_report h on h.worker = w.id
                    left join drain d on d.worker = w.id and d.closed_at is null
                    order by w.id""").query((row, number) -> worker(row, now)).list();
        return new FleetReading(now, workers, reservations);
    }

    private FleetReading.WorkerReading worker(ResultSet row, Instant now) throws SQLException {
        WorkerId id = new WorkerId(row.getString("id"));
        WorkerProfile profile = new WorkerProfile(
                id,
                row.getString("name"),
                new Location(row.getString("region"), row.getString("zone"), row.getString("rack")),
                mapper.readValue(row.getString("labels"), LABELS),
                new Portal(row.getString("portal_host"), row.getInt("portal_port")),
                row.getString("initiator_name"),
                new Capabilities(row.getBoolean("dm_clone"), row.getBoolean("portable_clone")),
                new ResourceRequest(row.getLong("cpu_millis"), row.getLong("memory_bytes")));
        Instant seen = Json.instant(row, "last_seen");
        HostReport report = json.report(id, row.getString("report"));
        String drain = row.getString("drain");
        boolean connected = seen != null && seen.plus(lostAfter).isAfter(now);
        return new FleetReading.WorkerReading(
                new Worker(profile, connected, row.getBoolean("cordoned"), drain != null, report),
                seen,
                row.getString("agent_version"),
                drain == null ? null : new DrainId(drain),
                drain == null ? null : DrainMode.valueOf(row.getString("mode")));
    }
}
