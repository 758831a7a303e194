package io.sluice.iscsi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/iscsi-coverage.md claims nothing that is not there: rows of four cells name classes in the third and tests in the fourth. */
class CoverageDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/iscsi-coverage.md");
    private static final Pattern NAME = Pattern.compile("`(\\w+)(?:\\.(\\w+))?`");

    private record Row(String line, List<String> cells) {}

    @Test
    void everyRowNamesClassesAndTestsThatAreThere() throws IOException {
        Map<String, String> classes = sources("src/main/java");
        Map<String, String> tests = sources("src/test/java");
        List<String> wrong = new ArrayList<>();
        List<Row> rows = rows().stream()
                .filter(row -> NAME.matcher(row.cells().get(3)).find())
                .toList();
        assertThat(rows).hasSizeGreaterThan(30);
        for (Row row : rows) {
            assertThat(NAME.matcher(row.cells().get(2)).find())
                    .as("names a class: %s", row.line())
                    .isTrue();
            wrong.addAll(missing(row.cells().get(2), classes));
            wrong.addAll(missing(row.cells().get(3), tests));
        }
        assertThat(wrong).as("named in %s", DOCUMENT).isEmpty();
    }

    @Test
    void noRowIsWithoutATest() throws IOException {
        String head = "| Class | Test |";
        List<String> tables = Files.readString(DOCUMENT)
                .lines()
                .dropWhile(line -> !line.endsWith(head))
                .toList();
        assertThat(tables).isNotEmpty();
        boolean inTable = false;
        for (String line : tables) {
            inTable = line.endsWith(head) || (inTable && line.startsWith("|"));
            if (inTable && !line.endsWith(head) && !line.startsWith("|---")) {
                assertThat(NAME.matcher(cells(line).get(3)).find())
                        .as("names a test: %s", line)
                        .isTrue();
            }
        }
    }

    @Test
    void whatTheSuiteDoesNotPassIsToldWithItsReason() throws IOException {
        List<Row> rows = rows();
        for (String listed : Conformance.rows()) {
            List<String> cells = List.of(listed.split(" \\| ", -1));
            assertThat(rows)
                    .as(listed)
                    .anyMatch(row -> row.cells().get(0).equals(cells.get(0))
                            && row.cells().get(1).equals(cells.get(2))
                            && row.cells().get(2).equals(cells.get(3))
                            && List.of(row.cells().get(3).split(", ", -1)).contains(cells.get(1)));
        }
    }

    private static List<String> missing(String cell, Map<String, String> sources) {
        List<String> missing = new ArrayList<>();
        for (Matcher name = NAME.matcher(cell); name.find(); ) {
            String source = sources.get(name.group(1));
            String method = name.group(2);
            if (source == null || (method != null && !source.contains(" " + method + "("))) {
                missing.add(name.group());
            }
        }
        return missing;
    }

    private static List<Row> rows() throws IOException {
        return Files.readString(DOCUMENT)
                .lines()
                .filter(line -> line.startsWith("| "))
                .map(line -> new Row(line, cells(line)))
                .filter(row -> row.cells().size() == 4)
                .toList();
    }

    private static List<String> cells(String line) {
        return Stream.of(line.substring(1, line.length() - 1).split("\\|", -1))
                .map(String::strip)
                .toList();
    }

    /** Sources by the simple names of their classes. */
    private static Map<String, String> sources(String folder) throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            List<Path> java =
                    files.filter(file -> file.toString().endsWith(".java")).collect(Collectors.toList());
            Map<String, String> sources = new TreeMap<>();
            for (Path file : java) {
                String name = file.getFileName().toString();
                sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
            }
            return sources;
        }
    }
}
