package io.sluice.orchestrator.cli;

import io.sluice.orchestrator.cli.client.DrainRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a drain keeps to, as options: the same when it is begun and when it is changed. */
final class LimitOptions {
    static final String NONE = "none";

    private static final Pattern THIRD_PARTY = Pattern.compile("([0-9]{1,9}),([0-9]{1,18})(B|KiB|MiB|GiB|TiB)?");
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB");

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

    @Option(
            names = "--third-party",
            paramLabel = "VOLUMES,BYTES",
            description =
                    "Permit to move so many volumes of other workers, with so many bytes together, to make room for"
                            + " what finds no place: 3,200GiB. They leave no copy behind. Default: none are moved.")
    private @Nullable String thirdParty;

    DrainRequest.Limits limits() {
        return new DrainRequest.Limits(
                maxPerSource,
                maxPerDestination,
                priority,
                notBefore == null ? null : time("--not-before", notBefore),
                windows,
                deadline == null ? null : time("--deadline", deadline),
                deadlineMissed == null ? null : deadlineMissed.name(),
                thirdParty == null ? null : thirdParty(thirdParty));
    }

    boolean given() {
        return !limits().equals(DrainRequest.Limits.DEFAULT);
    }

    /** As a change: {@code none} puts a time, the windows or a permission back to none, which the service reads as null. */
    boolean clears(String option) {
        return switch (option) {
            case "notBefore" -> NONE.equals(notBefore);
            case "deadline" -> NONE.equals(deadline);
            case "thirdParty" -> NONE.equals(thirdParty);
            case "windows" -> windows != null && windows.equals(List.of(NONE));
            default -> false;
        };
    }

    private static DrainRequest.ThirdParty thirdParty(String text) {
        if (text.equals(NONE)) {
            return new DrainRequest.ThirdParty(0, 0);
        }
        Matcher matcher = THIRD_PARTY.matcher(text);
        if (!matcher.matches()) {
            throw new UsageProblem(
                    "--third-party " + text + " is no permission",
                    "write how many volumes and how many bytes may be moved: 3,200GiB (B, KiB, MiB, GiB or TiB)");
        }
        try {
            int power = UNITS.indexOf(matcher.group(3));
            return new DrainRequest.ThirdParty(
                    Integer.parseInt(matcher.group(1)),
                    Math.multiplyExact(Long.parseLong(matcher.group(2)), 1L << (10 * Math.max(0, power))));
        } catch (ArithmeticException | NumberFormatException tooLarge) {
            throw new UsageProblem(
                    "--third-party " + text + " is too large", "write a number of bytes below 8 EiB (2^63)");
        }
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
