package io.sluice.orchestrator.store;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingVolumeReport;
import io.sluice.agent.api.VerificationReport;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What was last seen of each copy; stays after the clone device is gone from the reports. */
@Component
class HydrationRows {
    private final JdbcClient sql;
    private final Json json;

    HydrationRows(JdbcClient sql, Json json) {
        this.sql = sql;
        this.json = json;
    }

    private record Told(
            String worker,
            String migration,
            String volume,
            @Nullable HydrationReport hydration,
            @Nullable VerificationReport verification) {
        static Told of(HostReport report, IncomingVolumeReport volume) {
            return new Told(
                    report.worker().value(),
                    volume.migration().value(),
                    volume.volume().value(),
                    volume.hydration(),
                    volume.verification());
        }
    }

    /**
     * In one statement, what destinations report of their own; the transaction holds their rows in {@code worker}, so that none waits for
     * another in a circle.
     */
    void keep(List<HostReport> reports) {
        List<Told> told = reports.stream()
                .flatMap(report -> report.incoming().stream()
                        .filter(volume -> volume.hydration() != null || volume.verification() != null)
                        .map(volume -> Told.of(report, volume)))
                .toList();
        if (told.isEmpty()) {
            return;
        }
        sql.sql("""
            update migration_volume v set
                region_bytes = coalesce((r.hydration->>'regionBytes')::integer, v.region_bytes),
                total_regions = coalesce((r.hydration->>'totalRegions')::bigint, v.total_regions),
                hydrated_regions = coalesce((r.hydration->>'hydratedRegions')::bigint, v.hydrated_regions),
                copied_bytes = coalesce((r.hydration->>'copiedBytes')::bigint, v.copied_bytes),
                skipped_bytes = coalesce((r.hydration->>'skippedBytes')::bigint, v.skipped_bytes),
                written_bytes = coalesce((r.hydration->>'writtenBytes')::bigint, v.written_bytes),
                bytes_per_second = (r.hydration->>'bytesPerSecond')::bigint,
                pace = nullif(r.hydration->'pace', 'null'::jsonb),
                verified_regions = coalesce((r.verification->>'verifiedRegions')::bigint, v.verified_regions),
                written_regions = coalesce((r.verification->>'writtenRegions')::bigint, v.written_regions),
                hole_regions = coalesce((r.verification->>'holeRegions')::bigint, v.hole_regions),
                mismatched_regions = coalesce((r.verification->>'mismatchedRegions')::bigint, v.mismatched_regions)
            from jsonb_to_recordset(:incoming::jsonb)
                as r(worker text, migration text, volume text, hydration jsonb, verification jsonb)
            where v.migration = r.migration and v.volume = r.volume and v.live
              and exists (select from migration m where m.id = v.migration and m.destination = r.worker)\
            """).param("incoming", json.text(told)).update();
    }
}
