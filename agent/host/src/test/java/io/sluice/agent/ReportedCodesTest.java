package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What an operator may be shown must be in the book. Codes are whole string literals in the agent's source, so that they can be found there. */
class ReportedCodesTest {
    private static final Path SOURCES = Path.of("src/main/java/io/sluice/agent");
    private static final Path GUIDE = Path.of("../../docs/operations.md");

    /** Upper case, words joined by underscores; of one word only in the place of a code. */
    private static final Pattern CODE =
            Pattern.compile("\"([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)\"|\"([A-Z]{3,})\",\\s*FailureKind\\.");

    private static final Pattern PIECE = Pattern.compile("\"(_[A-Z_]+|[A-Z_]+_)\"");

    /** Variables of programs' environment, and a state of the kernel's sessions. */
    private static final Pattern NO_CODE = Pattern.compile("SLUICE_.*|LC_ALL|DM_DISABLE_UDEV|LOGGED_IN");

    /** A row of a table that begins with codes. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\|((?: `[A-Z_]+`,?)+) \\|");

    private static final Pattern QUOTED = Pattern.compile("`([A-Z_]+)`");

    @Test
    void theOperationsGuideExplainsEveryCodeAnAgentReports() throws IOException {
        assertThat(reported()).hasSizeGreaterThan(60);
        assertThat(explained(Files.readString(GUIDE))).containsAll(reported());
    }

    @Test
    void theOperationsGuideExplainsNoCodeThatNoAgentReports() throws IOException {
        String guide = Files.readString(GUIDE);
        int begin = guide.indexOf("Reported by an agent");

        assertThat(reported()).containsAll(explained(guide.substring(begin, guide.indexOf("\n## ", begin))));
    }

    @Test
    void noCodeIsPutTogetherFromPieces() throws IOException {
        for (Path source : sources()) {
            if (!source.endsWith("WorkloadEnvironment.java")) {
                assertThat(PIECE.matcher(Files.readString(source)).results().map(MatchResult::group))
                        .as(source.toString())
                        .isEmpty();
            }
        }
    }

    private static Set<String> reported() throws IOException {
        Set<String> codes = new TreeSet<>();
        for (Path source : sources()) {
            CODE.matcher(Files.readString(source))
                    .results()
                    .map(found -> found.group(1) == null ? found.group(2) : found.group(1))
                    .filter(code -> !NO_CODE.matcher(code).matches())
                    .forEach(codes::add);
        }
        return codes;
    }

    private static Set<String> explained(String guide) {
        return ROW.matcher(guide)
                .results()
                .flatMap(row -> QUOTED.matcher(row.group(1)).results())
                .map(code -> code.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }
}
