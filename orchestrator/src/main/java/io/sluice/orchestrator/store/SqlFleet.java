package io.sluice.orchestrator.store;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.RegisterRequest.Capabilities;
import io.sluice.agent.api.RegisterRequest.Location;
import io.sluice.agent.api.ResourceRequest;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.DrainMode;
import io.sluice.orchestrator.drain.FleetReading;
import io.sluice.orchestrator.drain.OperatorAction;
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
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
    private final ObjectMapper mapper;
    private final MigrationRows rows;
    private final Reports reports;
    private final Duration lostAfter;

    SqlFleet(JdbcClient sql, ObjectMapper mapper, MigrationRows rows, Reports reports, ServerSettings settings) {
        this.sql = sql;
        this.mapper = mapper;
        this.rows = rows;
        this.reports = reports;
        this.lostAfter = settings.lostAfter();
    }

    /**
     * Migrations are read first: one that ends between the two statements then holds its reservation a moment too long, where
     * the other order could show its room as free before the report shows its volume.
     */
    @Transactional(readOnly = true)
    FleetReading read() {
        return reading("where m.live", "", "");
    }

    /** What concerns one worker: its own row, and the live migrations that it is source or destination of. */
    @Transactional(readOnly = true)
    FleetReading read(WorkerId worker) {
        return reading("where m.live and :worker in (m.source, m.destination)", "where w.id = :worker", worker.value());
    }

    private FleetReading reading(String whichMigrations, String whichWorkers, String worker) {
        List<Reservation> reservations = sql
                .sql("select " + MigrationRows.COLUMNS + " from migration m " + whichMigrations)
                .param("worker", worker)
                .query((row, number) -> rows.read(row))
                .list()
                .stream()
                .map(Migration::reservation)
                .toList();
        Instant now = sql.sql("select clock_timestamp() as now")
                .query((row, number) -> Json.requireInstant(row, "now"))
                .single();
        List<Row> read = sql.sql("""
                    select w.id, w.name, w.region, w.zone, w.rack, w.labels, w.portal_host, w.portal_port, w.initiator_name, w.dm_clone,
                        w.portable_clone, w.cpu_millis, w.memory_bytes, w.agent_version, w.cordoned, w.last_seen, w.written_off_at,
                        w.written_off_by, w.written_off_reason, h.received_at,
                        d.id as drain, d.mode
                    from worker w
                    left join host_report h on h.worker = w.id
                    left join drain d on d.worker = w.id and d.closed_at is null
                    """ + whichWorkers + " order by w.id")
                .param("worker", worker)
                .query((row, number) -> worker(row))
                .list();
        Map<WorkerId, OffsetDateTime> received = new HashMap<>();
        read.forEach(one -> {
            if (one.received() != null) {
                received.put(one.profile().id(), one.received());
            }
        });
        Map<WorkerId, HostReport> known = reports.of(received);
        return new FleetReading(
                now,
                read.stream()
                        .map(one -> one.with(known.get(one.profile().id()), now.minus(lostAfter)))
                        .toList(),
                reservations);
    }

    /** A worker without its report. */
    private record Row(
            WorkerProfile profile,
            boolean cordoned,
            String agentVersion,
            @Nullable Instant seen,
            @Nullable OffsetDateTime received,
            @Nullable DrainId drain,
            @Nullable DrainMode mode,
            FleetReading.@Nullable WrittenOff writtenOff) {

        FleetReading.WorkerReading with(@Nullable HostReport report, Instant lostBefore) {
            boolean connected = seen != null && seen.isAfter(lostBefore);
            return new FleetReading.WorkerReading(
                    new Worker(profile, connected, cordoned || writtenOff != null, drain != null, report),
                    seen,
                    agentVersion,
                    drain,
                    mode,
                    writtenOff);
        }
    }

    private Row worker(ResultSet row) throws SQLException {
        WorkerProfile profile = new WorkerProfile(
                new WorkerId(row.getString("id")),
                row.getString("name"),
                new Location(row.getString("region"), row.getString("zone"), row.getString("rack")),
                labels(row.getString("labels")),
                new Portal(row.getString("portal_host"), row.getInt("portal_port")),
                row.getString("initiator_name"),
                new Capabilities(row.getBoolean("dm_clone"), row.getBoolean("portable_clone")),
                new ResourceRequest(row.getLong("cpu_millis"), row.getLong("memory_bytes")));
        String drain = row.getString("drain");
        return new Row(
                profile,
                row.getBoolean("cordoned"),
                row.getString("agent_version"),
                Json.instant(row, "last_seen"),
                Reports.received(row, "received_at"),
                drain == null ? null : new DrainId(drain),
                drain == null ? null : DrainMode.valueOf(row.getString("mode")),
                writtenOff(row));
    }

    private static FleetReading.@Nullable WrittenOff writtenOff(ResultSet row) throws SQLException {
        Instant at = Json.instant(row, "written_off_at");
        return at == null
                ? null
                : new FleetReading.WrittenOff(
                        at,
                        new OperatorAction.By(row.getString("written_off_by"), row.getString("written_off_reason")));
    }

    private Map<String, String> labels(String text) {
        return text.equals("{}") ? Map.of() : mapper.readValue(text, LABELS);
    }
}
