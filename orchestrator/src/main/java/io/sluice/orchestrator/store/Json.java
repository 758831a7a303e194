package io.sluice.orchestrator.store;

import io.sluice.agent.api.HostReport;
import io.sluice.agent.api.WorkerId;
import io.sluice.orchestrator.fleet.Cargo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;

/** Columns as values. Keeps each worker's newest parsed report, for it is read far more often than it changes. */
@Component
class Json {
    private static final TypeReference<Map<String, Long>> NUMBERS = new TypeReference<>() {};

    private final ObjectMapper mapper;
    private final ConcurrentHashMap<WorkerId, Parsed> parsed = new ConcurrentHashMap<>();

    private record Parsed(String text, HostReport report) {}

    Json(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    String text(Object value) {
        return mapper.writeValueAsString(value);
    }

    <T> T value(String text, Class<T> type) {
        return mapper.readValue(text, type);
    }

    /** An object of numbers. */
    Map<String, Long> numbers(String text) {
        return mapper.readValue(text, NUMBERS);
    }

    Cargo cargo(String text) {
        return mapper.readValue(text, Cargo.class);
    }

    /** The report of a column; null for null. */
    @Nullable
    HostReport report(WorkerId worker, @Nullable String text) {
        if (text == null) {
            return null;
        }
        Parsed known = parsed.get(worker);
        if (known != null && known.text().equals(text)) {
            return known.report();
        }
        HostReport report = mapper.readValue(text, HostReport.class);
        parsed.put(worker, new Parsed(text, report));
        return report;
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    static Instant requireInstant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static @Nullable Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }
}
