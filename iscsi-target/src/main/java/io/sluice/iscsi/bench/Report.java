package io.sluice.iscsi.bench;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Cells as JSON and as words. */
final class Report {

    private static final double MEDIAN = 0.5;
    private static final double TAIL = 0.99;

    private Report() {}

    /** One object, {@code {"cells":[…]}}; what was not measured is null. {@code more} are further members, ready to print. */
    static String json(List<Cell> cells, List<String> more) {
        StringJoiner list = new StringJoiner(",\n  ", "{\"cells\":[\n  ", "\n]");
        cells.forEach(cell -> list.add(json(cell)));
        StringJoiner all = new StringJoiner(",\n", "", "}");
        all.add(list.toString());
        more.forEach(all::add);
        return all.toString();
    }

    private static String json(Cell cell) {
        StringJoiner members = new StringJoiner(", ", "{", "}");
        Work work = cell.work();
        members.add("\"work\": \"%s\"".formatted(work.name()));
        members.add("\"client\": \"%s\""
                .formatted(work.client().name().toLowerCase(Locale.ROOT).replace('_', '-')));
        members.add("\"unit\": \"%s\"".formatted(unit(work)));
        for (String name : List.of("ours", "tgtd", "nbdkit", "bare")) {
            members.add(member(name, cell.speed(name)));
        }
        for (String name : List.of("tgtd", "nbdkit", "bare")) {
            members.add(member("ratio_to_" + name, cell.ratio("ours", name)));
        }
        members.add(member("server_cpu_s_per_gib", cell.cpuSecondsPerGib("ours")));
        for (String name : List.of("tgtd", "nbdkit", "bare")) {
            members.add(member(name + "_cpu_s_per_gib", cell.cpuSecondsPerGib(name)));
        }
        members.add(member("p50_us", cell.quantileMicros("ours", MEDIAN)));
        members.add(member("p99_us", cell.quantileMicros("ours", TAIL)));
        members.add(member("tgtd_p99_us", cell.quantileMicros("tgtd", TAIL)));
        members.add("\"rounds\": "
                + cell.rounds().values().stream().mapToInt(List::size).max().orElse(0));
        return members.toString();
    }

    static String member(String name, @Nullable Double value) {
        return "\"%s\": %s".formatted(name, value == null || !Double.isFinite(value) ? "null" : number(value));
    }

    /** A cell in one line of a table. */
    static String line(Cell cell) {
        return "%-28s %10s %10s %10s %10s %-5s %7s %7s  %7s %7s"
                .formatted(
                        cell.work().name(),
                        shown(cell.speed("ours")),
                        shown(cell.speed("tgtd")),
                        shown(cell.speed("nbdkit")),
                        shown(cell.speed("bare")),
                        unit(cell.work()),
                        shown(cell.ratio("ours", "tgtd")),
                        shown(cell.ratio("ours", "bare")),
                        shown(cell.cpuSecondsPerGib("ours")),
                        shown(cell.cpuSecondsPerGib("tgtd")));
    }

    static String heading() {
        return "%-28s %10s %10s %10s %10s %-5s %7s %7s  %s"
                .formatted("work", "ours", "tgtd", "nbdkit", "bare", "", "/tgtd", "/bare", "CPU s/GiB ours, tgtd");
    }

    private static String unit(Work work) {
        return work.countsRequests() ? "iops" : "MB/s";
    }

    private static String shown(@Nullable Double value) {
        return value == null ? "-" : number(value);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%.0f" : "%.2f", value);
    }
}
