package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.DrainRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a drain keeps to, as options: the same when it is begun and when it is changed. */
final class LimitOptions {
    static final String NONE = "none";

    /** What a missed deadline does. */
    enum Missed {
        PAUSE,
        ALARM
    }

    @Option(
            names = "--max-per-source",
            paramLabel = "N",
            description = "Migrations under way at once from the worker. Default: the service's.")
    private @Nullable Integer maxPerSource;

    @Option(
            names = "--max-per-destination",
            paramLabel = "N",
            description = "Migrations under way at once to any one destination. Default: the service's.")
    private @Nullable Integer maxPerDestination;

    @Option(
            names = "--priority",
            paramLabel = "N",
            description = "-100 to 100: where drains compete for room, the higher one begins first. Default: 0.")
    private @Nullable Integer priority;

    @Option(
            names = "--not-before",
            paramLabel = "TIME",
            description = "Begin nothing earlier: 2026-12-01T22:00:00+01:00, or +2h from now.")
    private @Nullable String notBefore;

    @Option(
            names = "--window",
            paramLabel = "WINDOW",
            description =
                    "Begin cutovers only within it, daily: '22:00-04:00 Europe/Berlin'. May be given several times.")
    private @Nullable List<String> windows;

    @Option(
            names = "--deadline",
            paramLabel = "TIME",
            description = "When the worker should be drained; as --not-before.")
    private @Nullable String deadline;

    @Option(
            names = "--deadline-missed",
            paramLabel = "WHAT",
            description = "When the deadline passes: pause begins nothing new, alarm (default) goes on and says so.")
    private @Nullable Missed deadlineMissed;

    DrainRequest.Limits limits() {
        return new DrainRequest.Limits(
                maxPerSource,
                maxPerDestination,
                priority,
                notBefore == null ? null : time("--not-before", notBefore),
                windows,
                deadline == null ? null : time("--deadline", deadline),
                deadlineMissed == null ? null : deadlineMissed.name());
    }

    boolean given() {
        return !limits().equals(DrainRequest.Limits.DEFAULT);
    }

    /** As a change: {@code none} puts a time or the windows back to none, which the service reads as null. */
    boolean clears(String option) {
        return switch (option) {
            case "notBefore" -> NONE.equals(notBefore);
            case "deadline" -> NONE.equals(deadline);
            case "windows" -> windows != null && windows.equals(List.of(NONE));
            default -> false;
        };
    }

    /** What is counted from now is sent as that: the service counts it, by its own clock. */
    private static String time(String option, String text) {
        try {
            if (text.equals(NONE)) {
                return text;
            }
            return text.startsWith("+")
                    ? "+" + Duration.parse(iso(text.substring(1).toUpperCase(Locale.ROOT)))
                    : OffsetDateTime.parse(text).toInstant().toString();
        } catch (DateTimeException unreadable) {
            throw new UsageProblem(
                    option + " " + text + " is no time",
                    "write it as 2026-12-01T22:00:00+01:00 (with an offset, or Z), or as +2h, +30m or +1d from now");
        }
    }

    /** {@code 2H30M} and {@code 1D} as ISO 8601 has them. */
    private static String iso(String amount) {
        int days = amount.indexOf('D');
        return days < 0
                ? "PT" + amount
                : "P" + amount.substring(0, days + 1)
                        + (days + 1 == amount.length() ? "" : "T" + amount.substring(days + 1));
    }
}
