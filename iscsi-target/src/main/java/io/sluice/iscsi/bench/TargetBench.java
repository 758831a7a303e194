package io.sluice.iscsi.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bench target}. */
@Command(
        name = "target",
        sortOptions = false,
        description = {
            "Measures the iSCSI target beside Debian's tgtd (package tgt), nbdkit and a server without any protocol, on the same",
            "file in the page cache, with the same clients, in turns. Prints medians, and ratios as medians of the rounds' ratios."
        },
        footer = {
            "",
            "Works are named access-block-depth-sessions, as randread-4k-d32-s4; -crc: with digests; -iscsiperf, -qemu: by that",
            "client (packages libiscsi-bin, qemu-utils and qemu-block-extra) and not by the one built in.",
            "All of it takes about a quarter of an hour; the machine should have nothing else to do."
        })
final class TargetBench implements Callable<Integer> {

    private static final int MEGABYTE = 1 << 20;
    private static final double NANOS = 1e9;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "Turns of every server at every work (default: ${DEFAULT-VALUE}).")
    private int rounds = 5;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "1",
            description = "Length of one turn; iscsi-perf takes whole seconds (default: ${DEFAULT-VALUE}).")
    private double seconds = 1;

    @Option(
            names = "--warm-up",
            paramLabel = "S",
            defaultValue = "2",
            description = "Of every server with every work, before its first turn (default: ${DEFAULT-VALUE}).")
    private double warmUp = 2;

    @Option(
            names = "--only",
            paramLabel = "PATTERN",
            defaultValue = "",
            description = "Only works whose name has a match of this regular expression.")
    private Pattern only = Pattern.compile("");

    @Option(
            names = "--servers",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "ours,tgtd,nbdkit,bare",
            description = "Which servers (default: ${DEFAULT-VALUE}).")
    private List<String> servers = List.of();

    @Option(
            names = "--size",
            paramLabel = "MIB",
            defaultValue = "512",
            description = "Size of the file, below 2048 (default: ${DEFAULT-VALUE}).")
    private int sizeMegabytes = 512;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            defaultValue = "${sys:java.io.tmpdir}",
            description = "Where the file is made, on a real file system (default: ${DEFAULT-VALUE}).")
    private Path directory = Path.of("");

    @Option(
            names = "--growth",
            description = "Also from 1 to 200 sessions, and memory with 200 exports of which 50 are busy.")
    private boolean growth;

    @Option(names = "--json", description = "Print one JSON object with 'cells' instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        PrintWriter out = line.getOut();
        PrintWriter progress = json ? line.getErr() : out;
        List<Contestant> contestants = contestants(progress);
        List<Work> works = works(progress);
        Path file = Files.createTempFile(directory, "sluice-bench-", ".img");
        try {
            fill(file);
            progress.println(Report.heading());
            Tournament.Schedule schedule = new Tournament.Schedule(rounds, duration(seconds), duration(warmUp));
            long bytes = (long) sizeMegabytes * MEGABYTE;
            List<Cell> cells = new Tournament(file, bytes, schedule, progress).run(contestants, works);
            List<String> grown = growth ? new Growth(file, bytes, schedule, progress).run() : List.of();
            if (json) {
                out.println(Report.json(cells, grown));
                out.flush();
            }
            return 0;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private List<Contestant> contestants(PrintWriter progress) {
        List<Contestant> there = new ArrayList<>();
        for (Contestant contestant : List.of(new Ours(), new Tgtd(), new Nbdkit(), new Bare())) {
            String missing = contestant.missing();
            if (!servers.contains(contestant.name())) {
                continue;
            }
            if (missing == null) {
                there.add(contestant);
            } else {
                progress.println(missing + " (its column stays empty)");
            }
        }
        return there;
    }

    private List<Work> works(PrintWriter progress) {
        List<Work> possible = new ArrayList<>();
        for (Work work : Work.all()) {
            if (only.matcher(work.name()).find()) {
                String missing = OtherClients.missing(work);
                if (missing == null) {
                    possible.add(work);
                } else {
                    progress.println("%s is left out: %s".formatted(work.name(), missing));
                }
            }
        }
        return possible;
    }

    /** With bytes that are no zeros: holes cost less. */
    private void fill(Path file) throws IOException {
        SplittableRandom random = new SplittableRandom(sizeMegabytes);
        ByteBuffer piece = ByteBuffer.allocateDirect(MEGABYTE);
        while (piece.hasRemaining()) {
            piece.putLong(random.nextLong());
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int megabyte = 0; megabyte < sizeMegabytes; megabyte++) {
                Channels.write(channel, piece.clear());
            }
            channel.force(true);
        }
    }

    private static Duration duration(double seconds) {
        return Duration.ofNanos((long) (seconds * NANOS));
    }
}
