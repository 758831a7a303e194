package io.sluice.orchestrator.store;

import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.migration.Window;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is steered about a drain, as its row keeps it. */
final class Steerings {
    /** What {@link #read} needs; the alias of {@code drain} is r. */
    static final String COLUMNS =
            "r.priority, r.not_before, r.windows, r.deadline_at as drain_deadline_at, r.deadline_missed, r.paused_at";

    private static final String SEPARATOR = ",";

    private Steerings() {}

    static Steering read(ResultSet row) throws SQLException {
        return new Steering(
                row.getObject("paused_at") != null,
                Json.instant(row, "not_before"),
                windows(row.getString("windows")),
                deadline(Json.instant(row, "drain_deadline_at"), row.getString("deadline_missed")),
                row.getInt("priority"),
                Map.of());
    }

    static List<Window> windows(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(SEPARATOR)).map(Window::parse).toList();
    }

    static String text(List<Window> windows) {
        return windows.stream().map(Window::toString).collect(Collectors.joining(SEPARATOR));
    }

    static Steering.@Nullable Deadline deadline(@Nullable Instant at, String missed) {
        return at == null ? null : new Steering.Deadline(at, Steering.Missed.valueOf(missed));
    }

    /** Without a deadline the column says what it says by default. */
    static String missed(Steering.@Nullable Deadline deadline) {
        return (deadline == null ? Steering.Missed.ALARM : deadline.missed()).name();
    }
}
