package io.sluice.orchestrator.store;

import io.sluice.agent.api.HydrationPaceReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.drain.Drain;
import io.sluice.orchestrator.drain.DrainReader;
import io.sluice.orchestrator.drain.DrainReading;
import io.sluice.orchestrator.drain.FleetReading;
import io.sluice.orchestrator.drain.Hydration;
import io.sluice.orchestrator.drain.MigrationEvent;
import io.sluice.orchestrator.drain.MigrationRecord;
import io.sluice.orchestrator.drain.StoredPlan;
import io.sluice.orchestrator.drain.VolumeProgress;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.plan.DrainPlan;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Isolation;
import org.springframework.transaction.annotation.Transactional;

/** What is shown of drains and migrations. */
@Repository
@Transactional(readOnly = true)
class SqlDrainReader implements DrainReader {
    private static final String RECORDS = "select " + MigrationRows.COLUMNS
            + ", m.attempt, m.forgiven, m.makes_room_for, m.stopping_at, m.running_at from migration m ";

    private static final String EVENTS = """
        select e.id, e.migration, m.cargo_name, e.at, e.from_state, e.to_state, e.reason_code, e.millis_in_previous
        from migration_event e join migration m on m.id = e.migration
        """;

    private final JdbcClient sql;
    private final DrainEntities drains;
    private final MigrationRows rows;
    private final Json json;
    private final SqlFleet fleet;
    private final HydrationTotals totals;

    SqlDrainReader(
            JdbcClient sql,
            DrainEntities drains,
            MigrationRows rows,
            Json json,
            SqlFleet fleet,
            HydrationTotals totals) {
        this.sql = sql;
        this.drains = drains;
        this.rows = rows;
        this.json = json;
        this.fleet = fleet;
        this.totals = totals;
    }

    @Override
    public FleetReading fleet() {
        return fleet.read();
    }

    @Override
    public FleetReading fleet(WorkerId worker) {
        return fleet.read(worker);
    }

    @Override
    public Instant now() {
        return sql.sql("select clock_timestamp() as now")
                .query((row, number) -> Json.requireInstant(row, "now"))
                .single();
    }

    @Override
    public Hydration hydration() {
        return totals.sum();
    }

    @Override
    public List<Drain> drains(int ended) {
        return drains.findShown(ended).stream().map(DrainEntity::toDrain).toList();
    }

    @Override
    public @Nullable Drain drain(DrainId id) {
        return drains.findById(id.value()).map(DrainEntity::toDrain).orElse(null);
    }

    @Override
    @Transactional(readOnly = true, isolation = Isolation.REPEATABLE_READ)
    public @Nullable DrainReading reading(DrainId id) {
        Drain drain = drain(id);
        return drain == null
                ? null
                : new DrainReading(drain, fleet.read(drain.worker()), migrations(id), newestPlan(id));
    }

    @Override
    public @Nullable StoredPlan newestPlan(DrainId drain) {
        return sql.sql("select id, plan from plan where drain = ? order by created_at desc, id limit 1")
                .param(drain.value())
                .query((row, number) ->
                        new StoredPlan(row.getString("id"), json.value(row.getString("plan"), DrainPlan.class)))
                .optional()
                .orElse(null);
    }

    /** A row without its volumes and history. */
    private record Bare(Migration migration, MigrationRecord.Attempt attempt, ResultTimes times) {}

    private record ResultTimes(
            @Nullable Instant stopping, @Nullable Instant running) {}

    private Bare bare(ResultSet row) throws SQLException {
        return new Bare(
                rows.read(row),
                new MigrationRecord.Attempt(
                        row.getInt("attempt"), row.getBoolean("forgiven"), row.getString("makes_room_for")),
                new ResultTimes(Json.instant(row, "stopping_at"), Json.instant(row, "running_at")));
    }

    @Override
    public List<MigrationRecord> migrations(DrainId drain) {
        return complete(sql.sql(RECORDS + "where m.drain = ? order by m.position")
                .param(drain.value())
                .query((row, number) -> bare(row))
                .list());
    }

    @Override
    public List<MigrationRecord> migrations(int limit) {
        return complete(sql.sql(RECORDS + "order by m.created_at desc, m.position desc limit ?")
                .param(limit)
                .query((row, number) -> bare(row))
                .list());
    }

    @Override
    public @Nullable MigrationRecord migration(MigrationId id) {
        List<MigrationRecord> found = complete(sql.sql(RECORDS + "where m.id = ?")
                .param(id.value())
                .query((row, number) -> bare(row))
                .list());
        return found.isEmpty() ? null : found.getFirst();
    }

    private List<MigrationRecord> complete(List<Bare> migrations) {
        if (migrations.isEmpty()) {
            return List.of();
        }
        List<String> ids =
                migrations.stream().map(bare -> bare.migration().id().value()).toList();
        Map<String, List<VolumeProgress>> volumes = new HashMap<>();
        sql.sql("""
            select v.migration, v.volume, v.size_bytes, v.allocated_bytes, v.region_bytes, v.total_regions, v.hydrated_regions,
                v.copied_bytes, v.skipped_bytes, v.written_bytes, v.bytes_per_second, v.verified_regions, v.written_regions,
                v.hole_regions, v.mismatched_regions, (v.pace->>'thresholdRegions')::integer as pace_threshold,
                (v.pace->>'batchRegions')::integer as pace_batch,
                (v.pace->>'guestThrottled')::boolean as pace_throttled, v.pace->>'words' as pace_words
            from migration_volume v where migration in (:ids) order by migration, ordinal\
            """).param("ids", ids).query(row -> {
            volumes.computeIfAbsent(row.getString("migration"), key -> new ArrayList<>())
                    .add(progress(row));
        });
        Map<String, List<MigrationEvent>> events = new HashMap<>();
        sql.sql(EVENTS + "where e.migration in (:ids) order by e.id")
                .param("ids", ids)
                .query(row -> {
                    events.computeIfAbsent(row.getString("migration"), key -> new ArrayList<>())
                            .add(event(row));
                });
        return migrations.stream()
                .map(bare -> new MigrationRecord(
                        bare.migration(),
                        bare.attempt(),
                        bare.times().stopping(),
                        bare.times().running(),
                        volumes.getOrDefault(bare.migration().id().value(), List.of()),
                        events.getOrDefault(bare.migration().id().value(), List.of())))
                .toList();
    }

    private static VolumeProgress progress(ResultSet row) throws SQLException {
        Long total = Json.number(row, "total_regions");
        VolumeProgress.Regions regions = total == null
                ? null
                : new VolumeProgress.Regions(
                        row.getInt("region_bytes"),
                        total,
                        row.getLong("hydrated_regions"),
                        row.getLong("copied_bytes"),
                        row.getLong("skipped_bytes"),
                        row.getLong("written_bytes"),
                        row.getLong("bytes_per_second"));
        Long verified = Json.number(row, "verified_regions");
        VerificationReport verification = verified == null
                ? null
                : new VerificationReport(
                        verified,
                        row.getLong("written_regions"),
                        row.getLong("hole_regions"),
                        row.getLong("mismatched_regions"));
        return new VolumeProgress(
                new VolumeId(row.getString("volume")),
                row.getLong("size_bytes"),
                Json.number(row, "allocated_bytes"),
                regions,
                pace(row),
                verification);
    }

    private static @Nullable HydrationPaceReport pace(ResultSet row) throws SQLException {
        if (row.getString("pace_words") == null) {
            return null;
        }
        return new HydrationPaceReport(
                row.getInt("pace_threshold"),
                row.getInt("pace_batch"),
                row.getBoolean("pace_throttled"),
                row.getString("pace_words"));
    }

    private static MigrationEvent event(ResultSet row) throws SQLException {
        return new MigrationEvent(
                row.getLong("id"),
                new MigrationId(row.getString("migration")),
                row.getString("cargo_name"),
                Json.requireInstant(row, "at"),
                row.getString("from_state"),
                row.getString("to_state"),
                row.getString("reason_code"),
                Json.number(row, "millis_in_previous"));
    }

    @Override
    public List<MigrationEvent> events(DrainId drain, long after, int limit) {
        return sql.sql(EVENTS + "where e.drain = :drain and e.id > :after order by e.id limit :limit")
                .param("drain", drain.value())
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> event(row))
                .list();
    }
}
