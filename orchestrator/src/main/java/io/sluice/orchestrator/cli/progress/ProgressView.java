package io.sluice.orchestrator.cli.progress;

import io.sluice.orchestrator.cli.client.DrainView;
import io.sluice.orchestrator.cli.client.MigrationView;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A drain as lines: a headline, one bar per migration, the sum, what was refused, and whether the worker is safe to power
 * off. Pure. The most important columns stand on the left, because a narrow terminal cuts on the right.
 */
public final class ProgressView {

    private static final int NAME_CELLS = 16;
    private static final int STATE_CELLS = 10;
    private static final int BAR_CELLS = 24;
    private static final int NARROW_BAR_CELLS = 10;
    private static final int WIDE = 100;
    private static final int ETA_CELLS = 9;

    private final Look look;

    public ProgressView(Look look) {
        this.look = look;
    }

    public List<String> lines(DrainView drain) {
        List<String> lines = new ArrayList<>();
        lines.add(fit(headline(drain)));
        drain.holdUps().stream()
                .filter(holdUp -> holdUp.migrations() == 0)
                .forEach(holdUp -> lines.addAll(Words.holdUp(holdUp)));
        int nameCells = nameCells(drain);
        for (MigrationView migration : drain.migrations()) {
            lines.add(row(nameCells, migration.subject(), migration.state(), cells(migration)));
            if (migration.reason() != null) {
                lines.add(fit("    " + held(migration.reason())));
            }
        }
        if (drain.migrations().size() > 1) {
            lines.add(row(nameCells, "all", "", cells(drain)));
        }
        drain.refusals().forEach(refusal -> lines.addAll(Words.refusal(refusal)));
        lines.addAll(verdict(drain));
        return lines;
    }

    private static String headline(DrainView drain) {
        DrainView.Counts counts = drain.counts();
        StringBuilder line = new StringBuilder("drain " + drain.id() + " of " + drain.worker() + ": "
                + drain.phase().name().toLowerCase(Locale.ROOT));
        line.append(", ")
                .append(counts.done())
                .append(" of ")
                .append(counts.total())
                .append(" done");
        append(line, counts.running(), "running");
        append(line, counts.hydrating(), "hydrating");
        append(line, counts.planned(), "waiting");
        append(line, counts.aborted(), "aborted");
        append(line, counts.refused(), "refused");
        return line.toString();
    }

    private static void append(StringBuilder line, int count, String what) {
        if (count > 0) {
            line.append(", ").append(count).append(' ').append(what);
        }
    }

    private List<String> verdict(DrainView drain) {
        if (drain.safeToPowerOff().value()) {
            return List.of(painted(drain.worker() + " is SAFE TO POWER OFF", Ansi.GREEN));
        }
        if (!drain.phase().resting()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(painted(drain.worker() + " is NOT safe to power off:", Ansi.YELLOW));
        drain.safeToPowerOff().blockers().forEach(blocker -> lines.addAll(Words.blocker(blocker)));
        return lines;
    }

    private String row(int nameCells, String name, String state, String cells) {
        String line =
                fit("  " + pad(name, nameCells) + "  " + pad(state.toLowerCase(Locale.ROOT), STATE_CELLS) + cells);
        int from = nameCells + 4;
        int to = Math.min(line.length(), from + state.length());
        return look.paint() == Look.Paint.NONE || to <= from
                ? line
                : line.substring(0, from) + Ansi.of(state).around(line.substring(from, to)) + line.substring(to);
    }

    private String cells(MigrationView migration) {
        MigrationView.Progress progress = migration.progress();
        Long hydrated = movedOver(migration) ? progress.totalBytes() : progress.hydratedBytes();
        StringBuilder cells = new StringBuilder(bar(hydrated, progress.totalBytes()));
        switch (migration.state().toUpperCase(Locale.ROOT)) {
            case "HYDRATING" ->
                cells.append(pace(progress.bytesPerSecond(), Words.eta(migration.eta(), progress.etaSeconds())))
                        .append("  exposure ")
                        .append(Quantities.bytes(progress.exposureBytes()));
            case "DONE" ->
                cells.append("  interrupted ")
                        .append(Quantities.millis(migration.interruptionMs()))
                        .append(", on ")
                        .append(migration.destination());
            default -> cells.append("  to ").append(migration.destination()).append(migration.purpose());
        }
        return cells.toString();
    }

    private String cells(DrainView drain) {
        Long hydrated = drain.phase() == DrainView.Phase.DRAINED
                ? drain.bytes().total()
                : drain.bytes().hydrated();
        return bar(hydrated, drain.bytes().total())
                + (drain.phase().resting()
                        ? ""
                        : pace(drain.bytesPerSecond(), Words.eta(drain.eta(), drain.etaSeconds())) + "  exposure "
                                + Quantities.bytes(drain.exposureBytes()));
    }

    /** In these states nothing is left to copy, whatever the last report still said. */
    private static boolean movedOver(MigrationView migration) {
        return switch (migration.state().toUpperCase(Locale.ROOT)) {
            case "SETTLING", "RELEASING", "DONE" -> true;
            default -> false;
        };
    }

    private String bar(@Nullable Long part, @Nullable Long whole) {
        int cells = look.width() >= WIDE ? BAR_CELLS : NARROW_BAR_CELLS;
        double fraction = part == null || whole == null || whole == 0 ? 0 : (double) part / whole;
        String percent = part == null || whole == null ? "  ?" : String.format(Locale.ROOT, "%3d", percent(fraction));
        String amount = (part == null ? "?" : Quantities.bytes(part)) + " of " + Quantities.bytes(whole);
        return look.glyphs().bar(fraction, cells) + " " + percent + " %  " + pad(amount, 20);
    }

    /** Rounded down: 100 only when nothing is left. */
    private static int percent(double fraction) {
        return (int) Math.floor(Math.clamp(fraction, 0, 1) * 100);
    }

    private static String pace(@Nullable Long bytesPerSecond, String eta) {
        return "  " + pad(bytesPerSecond == null ? "rate unknown" : Quantities.rate(bytesPerSecond), 12) + "  ETA "
                + (eta.length() > ETA_CELLS ? eta : pad(eta, ETA_CELLS));
    }

    private static String held(MigrationView.Reason reason) {
        String remedy = reason.remedy() == null ? "" : "; " + reason.remedy();
        return reason.code() + " since " + Quantities.seconds(reason.sinceSeconds()) + ": " + reason.message() + remedy;
    }

    private static int nameCells(DrainView drain) {
        int longest = drain.migrations().stream()
                .mapToInt(migration -> migration.subject().length())
                .max()
                .orElse(0);
        return Math.clamp(longest, 6, NAME_CELLS);
    }

    private static String pad(String text, int cells) {
        String cut = text.length() > cells ? text.substring(0, cells - 1) + "~" : text;
        return cut + " ".repeat(cells - cut.length());
    }

    private String fit(String line) {
        String cut = line.length() > look.width() ? line.substring(0, look.width()) : line;
        return cut.stripTrailing();
    }

    private String painted(String line, Ansi colour) {
        return look.paint() == Look.Paint.NONE ? line : colour.around(line);
    }
}
