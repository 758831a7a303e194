package io.sluice.iscsi.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Load made by programs that others wrote: iscsi-perf of libiscsi, and qemu-img bench. */
final class OtherClients {

    private static final int BLOCK = 512;
    private static final Pattern PERF_AVERAGE = Pattern.compile("iops average (\\d+)");
    private static final Pattern QEMU_TIME = Pattern.compile("completed in ([0-9.]+) seconds");
    /** qemu-img takes a count, not a time: so much for every second asked for, about what the fastest servers do. */
    private static final long QEMU_BYTES_PER_SECOND = 1L << 30;

    private static final long QEMU_REQUESTS_PER_SECOND = 50_000;
    private static final long LIMIT_SECONDS = 60;

    private OtherClients() {}

    /** What is missing for a work; null if nothing. */
    static @Nullable String missing(Work work) {
        return switch (work.client()) {
            case SLUICE -> null;
            case ISCSI_PERF -> Programs.missing("iscsi-perf", "libiscsi-bin");
            case QEMU_IMG -> Programs.missing("qemu-img", "qemu-utils qemu-block-extra");
        };
    }

    static Measurement iscsiPerf(Served server, Work work, Duration measured) throws IOException {
        String seconds = Long.toString(Math.max(1, measured.toSeconds()));
        List<String> command = new ArrayList<>(List.of("iscsi-perf", "-m", Integer.toString(work.depth())));
        command.addAll(List.of("-b", Integer.toString(work.blockBytes() / BLOCK), "-t", seconds));
        if (work.random()) {
            command.add("-r");
        }
        command.add(server.url());
        Duration before = server.cpu();
        long start = System.nanoTime();
        long perSecond = 0;
        for (String output : together(command, work.sessions())) {
            List<MatchResult> averages = PERF_AVERAGE.matcher(output).results().toList();
            if (averages.isEmpty()) {
                throw new IOException("iscsi-perf tells no result: " + output.strip());
            }
            perSecond += Long.parseLong(averages.getLast().group(1));
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        long requests = (long) (perSecond * (took.toNanos() / 1e9));
        return new Measurement(
                requests, requests * work.blockBytes(), took, server.cpu().minus(before), null);
    }

    static Measurement qemuImg(Served server, Work work, Duration measured) throws IOException {
        double seconds = measured.toNanos() / 1e9;
        long perSecond = Math.min(QEMU_REQUESTS_PER_SECOND, QEMU_BYTES_PER_SECOND / work.blockBytes());
        long requests = Math.max(work.depth(), (long) (perSecond * seconds));
        String size = Integer.toString(work.blockBytes());
        List<String> command = new ArrayList<>(List.of("qemu-img", "bench", "-f", "raw", "-s", size, "-S", size));
        command.addAll(List.of("-d", Integer.toString(work.depth()), "-c", Long.toString(requests), server.url()));
        Duration before = server.cpu();
        String output = Programs.output(command, LIMIT_SECONDS);
        MatchResult time = QEMU_TIME
                .matcher(output)
                .results()
                .findFirst()
                .orElseThrow(() -> new IOException("qemu-img tells no time: " + output.strip()));
        Duration took = Duration.ofNanos((long) (Double.parseDouble(time.group(1)) * 1e9));
        return new Measurement(
                requests, requests * work.blockBytes(), took, server.cpu().minus(before), null);
    }

    /** Runs a command several times at once. */
    private static List<String> together(List<String> command, int times) throws IOException {
        List<Process> processes = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        try {
            for (int index = 0; index < times; index++) {
                Path file = Files.createTempFile("sluice-bench-", ".out");
                files.add(file);
                processes.add(new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(file.toFile())
                        .start());
            }
            List<String> outputs = new ArrayList<>();
            for (int index = 0; index < times; index++) {
                if (!processes.get(index).waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IOException(command.getFirst() + " does not end");
                }
                outputs.add(Files.readString(files.get(index)));
            }
            return outputs;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            processes.forEach(Process::destroyForcibly);
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
        }
    }
}
