package io.sluice.orchestrator.cli.demo;

import io.sluice.orchestrator.cli.progress.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A {@link DemoResult} as text, and where the interruption's time went. Pure. */
final class ResultTable {
    private static final String ROW = "  %-10s %-10s %9s = %7s + %7s + %7s   %10s / %-10s %8s  %-12s %s";

    private ResultTable() {}

    static List<String> lines(DemoResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                ROW, "", "", "inter-", "stop", "own", "start", "bytes", "bytes", "writes", "untouched", ""));
        lines.add(String.format(
                ROW,
                "workload",
                "moved to",
                "ruption",
                "program",
                "share",
                "program",
                "copied",
                "allocated",
                "verified",
                "verified",
                ""));
        result.moved().forEach(moved -> lines.add(row(moved)));
        if (!result.moved().isEmpty()) {
            lines.add(String.format(
                    ROW,
                    "median",
                    "",
                    median(result, DemoResult.Moved::interruptionMillis),
                    median(result, DemoResult.Moved::stopMillis),
                    median(result, DemoResult.Moved::ownMillis),
                    median(result, DemoResult.Moved::startMillis),
                    Quantities.bytes(result.copiedBytes()),
                    Quantities.bytes(result.allocatedBytes()),
                    result.acknowledgedWrites(),
                    Quantities.bytes(result.untouchedBytes()),
                    result.verified() ? "all verified" : "NOT VERIFIED"));
            lines.add("");
            lines.add(
                    "  Interruption: last acknowledged write before, to first after. Own share: from the stop program's return");
            lines.add(
                    "  to the start program's launch. The rest is the demo workload itself: a Java program that ends, starts,");
            lines.add("  logs in to its disk and writes.");
        }
        result.moved()
                .forEach(moved -> moved.verification()
                        .wrong()
                        .forEach(wrong -> lines.add("  WRONG: " + moved.workload() + ": " + wrong)));
        result.failures().forEach(failure -> lines.add("  FAILED: " + failure));
        return lines;
    }

    private static String row(DemoResult.Moved moved) {
        return String.format(
                ROW,
                moved.workload(),
                moved.destination(),
                millis(moved.interruptionMillis()),
                millis(moved.stopMillis()),
                millis(moved.ownMillis()),
                millis(moved.startMillis()),
                Quantities.bytes(moved.copiedBytes()),
                Quantities.bytes(moved.allocatedBytes()),
                moved.verification().acknowledgedWrites(),
                Quantities.bytes(moved.verification().untouchedBytes()),
                moved.verification().passed() ? "ok" : "WRONG");
    }

    private static String median(DemoResult result, ToDoubleFunction<DemoResult.Moved> figure) {
        return millis(DemoResult.median(
                result.moved().stream().mapToDouble(figure).boxed().toList()));
    }

    private static String millis(double millis) {
        return String.format(Locale.ROOT, "%.0f ms", millis);
    }
}
