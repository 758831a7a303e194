package io.sluice.orchestrator.store;

import io.sluice.orchestrator.fleet.Cargo;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;

/** Columns as values. */
@Component
class Json {
    private static final TypeReference<Map<String, Long>> NUMBERS = new TypeReference<>() {};

    private final ObjectMapper mapper;

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
