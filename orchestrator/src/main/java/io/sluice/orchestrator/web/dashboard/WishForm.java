package io.sluice.orchestrator.web.dashboard;

import io.sluice.orchestrator.drain.DrainMode;
import io.sluice.orchestrator.migration.Steering;
import io.sluice.orchestrator.problem.ProblemException;
import io.sluice.orchestrator.web.DrainRequest;
import io.sluice.orchestrator.web.Moment;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * The fields of the form that begins a drain; an empty one is left to its default. Times are those of a browser's
 * {@code datetime-local} field and mean UTC, as everywhere on the pages.
 */
record WishForm(
        @Nullable String reason,
        @Nullable DrainMode mode,
        @Nullable String notBefore,
        @Nullable String window,
        @Nullable String deadline,
        Steering.@Nullable Missed deadlineMissed,
        @Nullable Integer priority,
        @Nullable Boolean keepCopies) {

    DrainRequest request() {
        String when = given(window);
        return new DrainRequest(
                given(reason),
                mode,
                null,
                null,
                priority,
                time("begin not before", notBefore),
                when == null ? null : List.of(when),
                time("deadline", deadline),
                deadlineMissed,
                null,
                keepCopies,
                null);
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text.strip();
    }

    static @Nullable Moment time(String field, @Nullable String text) {
        String given = given(text);
        try {
            return given == null
                    ? null
                    : new Moment.At(LocalDateTime.parse(given).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            throw new ProblemException(
                    HttpStatus.UNPROCESSABLE_CONTENT,
                    "INVALID_REQUEST",
                    field + " '" + given + "' is no time",
                    "Write it as 2026-12-01T22:00, in UTC.");
        }
    }
}
