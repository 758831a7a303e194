package io.sluice.orchestrator.web;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * A time in a request: {@code 2026-12-01T22:00:00+01:00}, or counted from when it is asked, {@code +PT2H30M} or {@code +P1D}. The
 * latter is counted by the database's clock, by which it is kept to; that of whoever asks may be wrong.
 */
@Schema(
        type = "string",
        description = "ISO 8601: a time with its offset, or + and a duration from now, as in +PT2H30M or +P1D",
        example = "2026-12-01T22:00:00Z")
public sealed interface Moment {
    /** Longer would be a mistake, and might not be a time that can be stored. */
    Duration FURTHEST = Duration.ofDays(3650);

    Instant from(Instant now);

    record At(Instant instant) implements Moment {
        @Override
        public Instant from(Instant now) {
            return instant;
        }

        @Override
        @JsonValue
        public String toString() {
            return instant.toString();
        }
    }

    record In(Duration duration) implements Moment {
        public In {
            if (duration.isNegative() || duration.compareTo(FURTHEST) > 0) {
                throw new IllegalArgumentException("+" + duration + " is not +PT0S to +" + FURTHEST);
            }
        }

        @Override
        public Instant from(Instant now) {
            return now.plus(duration);
        }

        @Override
        @JsonValue
        public String toString() {
            return "+" + duration;
        }
    }

    @JsonCreator
    static Moment parse(String text) {
        try {
            return text.startsWith("+")
                    ? new In(Duration.parse(text.substring(1)))
                    : new At(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(text + " is no time", e);
        }
    }
}
