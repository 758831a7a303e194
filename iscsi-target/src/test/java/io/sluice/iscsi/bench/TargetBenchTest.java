package io.sluice.iscsi.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(120)
class TargetBenchTest {

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void measuresOurTargetBesideABareServerAndPrintsOneObject() {
        int exit = run(
                "target",
                "--json",
                "--servers",
                "ours,bare",
                "--rounds",
                "1",
                "--seconds",
                "0.2",
                "--warm-up",
                "0.05",
                "--size",
                "4",
                "--directory",
                directory.toString(),
                "--only",
                "^(randread-4k-d32-s4|seqread-1m-d1-s1|randwrite-4k-d32-s1|seqread-64k-d32-s1-crc)$");
        assertThat(err.toString()).doesNotContain("bench:");
        assertThat(exit).isZero();
        List<String> cells =
                out.toString().lines().filter(line -> line.contains("\"work\"")).toList();
        assertThat(cells)
                .hasSize(4)
                .allSatisfy(cell -> assertThat(cell)
                        .containsPattern("\"ours\": [0-9.]+,")
                        .contains("\"tgtd\": null", "\"ratio_to_tgtd\": null", "\"rounds\": 1")
                        .containsPattern("\"server_cpu_s_per_gib\": [0-9.]+"));
        assertThat(cells)
                .filteredOn(cell -> cell.contains("-crc"))
                .singleElement()
                .asString()
                .contains("\"bare\": null");
        assertThat(out.toString()).startsWith("{\"cells\":[").endsWith("}" + System.lineSeparator());
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void namesTheDebianPackageOfAProgramThatIsNotThere() {
        assertThat(Programs.missing("no-such-program", "its-package"))
                .isEqualTo("no-such-program is not installed: apt-get install its-package");
        assertThat(Programs.missing("sh", "dash")).isNull();
    }

    @Test
    void medianRatiosAreOfTheSameRound() {
        Cell cell = Cell.of(Work.all().getFirst());
        for (long speed : new long[] {100, 10, 1000}) {
            cell.add("ours", measurement(speed * 3));
            cell.add("tgtd", measurement(speed));
        }
        assertThat(cell.ratio("ours", "tgtd")).isEqualTo(3.0);
        assertThat(cell.speed("tgtd")).isEqualTo(100.0);
        assertThat(cell.ratio("ours", "bare")).isNull();
    }

    @Test
    void quantilesAreExactToASixteenth() {
        Latency latency = new Latency();
        for (int micros = 1; micros <= 1000; micros++) {
            latency.add(micros * 1000L);
        }
        assertThat(latency.quantileNanos(0.99)).isBetween(990_000L, 1_055_000L);
        assertThat(latency.quantileNanos(0.5)).isBetween(500_000L, 533_000L);
    }

    private static Measurement measurement(long requests) {
        return new Measurement(requests, requests * 4096, Duration.ofSeconds(1), Duration.ofSeconds(1), null);
    }

    private int run(String... arguments) {
        CommandLine commandLine = BenchCommand.commandLine();
        return commandLine
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
