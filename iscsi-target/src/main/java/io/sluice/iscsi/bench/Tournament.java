package io.sluice.iscsi.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs works against contestants in turns. */
final class Tournament {

    /** Connections opened, buffers grown, branches learnt. */
    private static final Duration SETTLING = Duration.ofMillis(100);

    private static final int PAGE_CACHE_BYTES = 1 << 20;

    private final Path file;
    private final long fileBytes;
    private final Schedule schedule;
    private final PrintWriter progress;

    /**
     * How often and how long.
     *
     * @param warmUp of every server with every work before the first round of any: a JVM compiles what it runs often, and takes
     *     its time for it
     */
    record Schedule(int rounds, Duration measured, Duration warmUp) {}

    Tournament(Path file, long fileBytes, Schedule schedule, PrintWriter progress) {
        this.file = file;
        this.fileBytes = fileBytes;
        this.schedule = schedule;
        this.progress = progress;
    }

    List<Cell> run(List<Contestant> contestants, List<Work> works) throws IOException {
        Map<Contestant, Served> servers = new LinkedHashMap<>();
        try {
            for (Contestant contestant : contestants) {
                servers.put(contestant, contestant.start(file));
            }
            for (Work work : works) {
                warmUp(servers, work);
            }
            List<Cell> cells = new ArrayList<>();
            for (Work work : works) {
                Cell cell = run(servers, work);
                cells.add(cell);
                progress.println(Report.line(cell));
                progress.flush();
            }
            return cells;
        } finally {
            servers.values().forEach(Served::close);
        }
    }

    private Cell run(Map<Contestant, Served> servers, Work work) throws IOException {
        List<Map.Entry<Contestant, Served>> taking = taking(servers, work);
        Cell cell = Cell.of(work);
        for (int round = 0; round < schedule.rounds(); round++) {
            for (int turn = 0; turn < taking.size(); turn++) {
                // nobody is always the first, or always behind the same
                Map.Entry<Contestant, Served> entry = taking.get((turn + round) % taking.size());
                cell.add(entry.getKey().name(), measure(entry.getValue(), work, schedule.measured()));
            }
        }
        return cell;
    }

    private void warmUp(Map<Contestant, Served> servers, Work work) throws IOException {
        for (Map.Entry<Contestant, Served> entry : taking(servers, work)) {
            Measurement ignored = measure(entry.getValue(), work.deeper(), schedule.warmUp());
        }
    }

    private static List<Map.Entry<Contestant, Served>> taking(Map<Contestant, Served> servers, Work work) {
        return servers.entrySet().stream()
                .filter(entry -> entry.getKey().speaks(work))
                .toList();
    }

    private Measurement measure(Served server, Work work, Duration measured) throws IOException {
        readIntoPageCache();
        return switch (work.client()) {
            case SLUICE -> LoadClient.run(server, work, fileBytes, SETTLING, measured);
            case ISCSI_PERF -> OtherClients.iscsiPerf(server, work, measured);
            case QEMU_IMG -> OtherClients.qemuImg(server, work, measured);
        };
    }

    /** Disks are not what is measured; and some kernels take pages away early. */
    private void readIntoPageCache() throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer buffer = ByteBuffer.allocateDirect(PAGE_CACHE_BYTES);
            while (channel.read(buffer.clear()) >= 0) {
                // the pages are what counts
            }
        }
    }
}
