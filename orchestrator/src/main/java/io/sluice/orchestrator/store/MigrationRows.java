package io.sluice.orchestrator.store;

import io.sluice.agent.api.CloneEngine;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.PoolName;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.DrainId;
import io.sluice.orchestrator.migration.Generations;
import io.sluice.orchestrator.migration.Intent;
import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.MigrationState;
import io.sluice.orchestrator.migration.Position;
import io.sluice.orchestrator.reason.Reason;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** A row of {@code migration} as the machine sees it. */
@Component
class MigrationRows {
    /** What {@link #read} needs; the table's alias is m. */
    static final String COLUMNS = """
            m.id, m.drain, m.cargo, m.source, m.destination, m.pools, m.engine, m.epoch, m.intent, m.state, m.version, m.entered_at,
            m.deadline_at, m.source_generation, m.destination_generation, m.cause_code, m.cause_message, m.cause_remedy,
            m.reason_code, m.reason_message, m.reason_remedy, m.reason_since""";

    private final Json json;

    MigrationRows(Json json) {
        this.json = json;
    }

    Migration read(ResultSet row) throws SQLException {
        List<PoolName> pools = Arrays.stream((String[]) row.getArray("pools").getArray())
                .map(PoolName::new)
                .toList();
        return new Migration(
                new MigrationId(row.getString("id")),
                new DrainId(row.getString("drain")),
                json.cargo(row.getString("cargo")),
                new Migration.Route(
                        new WorkerId(row.getString("source")),
                        new WorkerId(row.getString("destination")),
                        pools,
                        CloneEngine.valueOf(row.getString("engine"))),
                row.getLong("epoch"),
                Intent.valueOf(row.getString("intent")),
                position(row));
    }

    private static Position position(ResultSet row) throws SQLException {
        return new Position(
                MigrationState.of(row.getString("state")),
                row.getLong("version"),
                Json.requireInstant(row, "entered_at"),
                Json.instant(row, "deadline_at"),
                new Generations(row.getLong("source_generation"), row.getLong("destination_generation")),
                reason(row, "cause"),
                reason(row, "reason"),
                Json.instant(row, "reason_since"));
    }

    private static @Nullable Reason reason(ResultSet row, String prefix) throws SQLException {
        String code = row.getString(prefix + "_code");
        return code == null
                ? null
                : new Reason(
                        code,
                        Objects.requireNonNullElse(row.getString(prefix + "_message"), ""),
                        Objects.requireNonNullElse(row.getString(prefix + "_remedy"), ""));
    }
}
