package io.sluice.orchestrator.migration;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;

/**
 * A time of day, every day, in which cutovers may begin: {@code 22:00-04:00 Europe/Berlin}. The end does not belong to it; an
 * end that is not after the beginning is one of the next day, so equal times are the whole day.
 */
public record Window(LocalTime from, LocalTime to, ZoneId zone) {

    /** Reads what {@link #toString} writes; the zone may be left out and is UTC then. */
    public static Window parse(String text) {
        String[] parts = text.strip().split("\\s+", 2);
        String[] times = parts[0].split("-", -1);
        try {
            if (times.length == 2) {
                return new Window(
                        LocalTime.parse(times[0]),
                        LocalTime.parse(times[1]),
                        ZoneId.of(parts.length == 2 ? parts[1] : "UTC"));
            }
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("'" + text + "' is no window: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no window; one is written like '22:00-04:00 Europe/Berlin'");
    }

    /** When it opens next, or {@code now} while it is open. Where the clocks jump, the day's own rules of the zone hold. */
    public Instant opens(Instant now) {
        LocalDate today = now.atZone(zone).toLocalDate();
        // Yesterday's may still be open; the day after tomorrow's begins later than tomorrow's in any zone.
        return List.of(today.minusDays(1), today, today.plusDays(1), today.plusDays(2)).stream()
                .filter(day -> closes(day).isAfter(now))
                .map(day -> at(day, from))
                .findFirst()
                .map(opens -> opens.isAfter(now) ? opens : now)
                .orElseThrow();
    }

    private Instant closes(LocalDate day) {
        return at(to.isAfter(from) ? day : day.plusDays(1), to);
    }

    private Instant at(LocalDate day, LocalTime time) {
        return day.atTime(time).atZone(zone).toInstant();
    }

    @Override
    public String toString() {
        return from + "-" + to + " " + zone;
    }
}
