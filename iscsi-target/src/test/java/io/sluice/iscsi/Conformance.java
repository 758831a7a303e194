package io.sluice.iscsi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs libiscsi's {@code iscsi-test-cu}, a family of its tests at a time, and reads what it prints. */
final class Conformance {
    private static final Pattern LISTED = Pattern.compile("ALL\\.(\\w+)");
    private static final Pattern TEST = Pattern.compile("^ {2}Test: (\\S+) \\.\\.\\.(.*)$");
    private static final String SKIPPED = "[SKIPPED]";

    enum Outcome {
        PASSED,
        FAILED,
        SKIPPED
    }

    private final Path directory;

    /** @param directory for what the program prints */
    Conformance(Path directory) {
        this.directory = directory;
    }

    /** The families there are. SANITIZE is left to those who want their disk erased. */
    List<String> families() throws IOException, InterruptedException {
        return Tool.output(directory, "iscsi-test-cu", "-l")
                .lines()
                .map(LISTED::matcher)
                .filter(Matcher::matches)
                .map(listed -> listed.group(1))
                .filter(family -> !family.equals("Sanitize"))
                .toList();
    }

    /**
     * The outcome of each test of a family, as {@code Family.Test}.
     *
     * @param options of the program, before its URLs
     */
    Map<String, Outcome> run(String family, String url, List<String> options) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("-v", "-V", "-t", "ALL." + family, url));
        if (family.equals("MultipathIO")) {
            arguments.add(
                    url); // a second path; other families would share it, and be told of what another test did there
        }
        String printed = Tool.printed(directory, "iscsi-test-cu", arguments.toArray(String[]::new));
        Files.writeString(directory.resolve(family + ".log"), printed);
        if (!printed.contains("Run Summary:")) {
            throw new AssertionError(family + " did not come to its end: " + tail(printed));
        }
        return outcomes(family, printed);
    }

    /** Skipped is what says so and does not fail; the suite itself counts that as passed. */
    static Map<String, Outcome> outcomes(String family, String printed) {
        Map<String, Outcome> outcomes = new LinkedHashMap<>();
        String test = null;
        for (String line : printed.lines().toList()) {
            Matcher begins = TEST.matcher(line);
            if (begins.matches()) {
                test = family + "." + begins.group(1);
                outcomes.put(test, Outcome.PASSED);
            }
            if (line.startsWith("Run Summary:")) {
                test = null;
            }
            if (test != null && (line.equals("FAILED") || line.endsWith("...FAILED"))) {
                outcomes.put(test, Outcome.FAILED);
            } else if (test != null && line.contains(SKIPPED) && outcomes.get(test) == Outcome.PASSED) {
                outcomes.put(test, Outcome.SKIPPED);
            }
        }
        return outcomes;
    }

    /**
     * What is expected not to pass: {@code configuration | Family.Test | SKIPPED or FAILED | reason} in each line of the resource.
     * The same table is in docs/iscsi-coverage.md.
     */
    static Map<String, Outcome> expected(String configuration) throws IOException {
        Map<String, Outcome> expected = new TreeMap<>();
        for (String line : rows()) {
            List<String> cells = List.of(line.split(" \\| ", -1));
            if (List.of(cells.get(0).split(" ", -1)).contains(configuration)) {
                expected.put(cells.get(1), Outcome.valueOf(cells.get(2)));
            }
        }
        return expected;
    }

    static List<String> rows() throws IOException {
        Path file = Path.of("src/test/resources/io/sluice/iscsi/iscsi-test-cu.txt");
        return Files.readString(file)
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .toList();
    }

    private static String tail(String printed) {
        return printed.substring(Math.max(0, printed.length() - 2000));
    }
}
