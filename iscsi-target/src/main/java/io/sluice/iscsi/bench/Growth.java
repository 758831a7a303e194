package io.sluice.iscsi.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/** What many sessions and many exports cost: throughput from 1 to 200 sessions, memory with 200 exports of which 50 are busy. */
final class Growth {

    private static final int EXPORTS = 200;
    private static final int BUSY = 50;
    private static final List<Integer> SESSIONS = List.of(1, 10, 50, 200);
    private static final int DEPTH = 32;
    private static final int SMALL = 4 << 10;
    private static final List<Integer> BUSY_BLOCKS = List.of(4 << 10, 64 << 10, 1 << 20);
    private static final double TAIL = 0.99;
    private static final double MEGABYTE = 1e6;
    private static final Pattern READY = Pattern.compile("serving at port (\\d+)");

    private final Path file;
    private final long fileBytes;
    private final Tournament.Schedule schedule;
    private final PrintWriter progress;

    Growth(Path file, long fileBytes, Tournament.Schedule schedule, PrintWriter progress) {
        this.file = file;
        this.fileBytes = fileBytes;
        this.schedule = schedule;
        this.progress = progress;
    }

    /** Members of the JSON object. */
    List<String> run() throws IOException {
        Process process = Programs.start(Programs.sluice(
                BenchCommand.class,
                List.of("bench", "exports", "--file", file.toString(), "--count", Integer.toString(EXPORTS))));
        int port = Integer.parseInt(Programs.awaitLine(process, READY));
        try (Served server = Served.iscsi(process, port, (session, digests) -> ExportsCommand.target(session), 0)) {
            String memory = memory(server);
            return List.of(memory, sessions(server));
        }
    }

    private String sessions(Served server) throws IOException {
        List<Cell> cells = new ArrayList<>();
        for (int sessions : SESSIONS) {
            cells.add(Cell.of(read(SMALL, sessions)));
        }
        for (int round = 0; round < schedule.rounds(); round++) {
            for (Cell cell : cells) {
                cell.add("ours", measure(server, cell.work()));
            }
        }
        StringJoiner list = new StringJoiner(", ", "\"growth\": [", "]");
        for (Cell cell : cells) {
            list.add("{\"sessions\": %d, %s, %s}"
                    .formatted(
                            cell.work().sessions(),
                            Report.member("iops", cell.speed("ours")),
                            Report.member("p99_us", cell.quantileMicros("ours", TAIL))));
            say(Report.line(cell));
        }
        return list.toString();
    }

    private String memory(Served server) throws IOException {
        StringJoiner list =
                new StringJoiner(", ", "\"memory\": {\"exports\": %d, \"busy\": %d, ".formatted(EXPORTS, BUSY), "}");
        list.add(Report.member("idle_rss_mb", server.residentBytes() / MEGABYTE));
        for (int blockBytes : BUSY_BLOCKS) {
            Measurement ignored = measure(server, read(blockBytes, BUSY));
            double megabytes = server.residentBytes() / MEGABYTE;
            list.add(Report.member("rss_mb_%dk".formatted(blockBytes >> 10), megabytes));
            say("%d exports, %d sessions reading %d KiB at depth %d: %.0f MB resident"
                    .formatted(EXPORTS, BUSY, blockBytes >> 10, DEPTH, megabytes));
        }
        return list.toString();
    }

    private Measurement measure(Served server, Work work) throws IOException {
        return LoadClient.run(server, work, fileBytes, Duration.ofMillis(500), schedule.measured());
    }

    private static Work read(int blockBytes, int sessions) {
        return new Work(Work.Client.SLUICE, Work.Access.RANDOM_READ, blockBytes, DEPTH, sessions, false);
    }

    private void say(String line) {
        progress.println(line);
        progress.flush();
    }
}
