package io.sluice.orchestrator.cli.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A workload of the demo: a program that writes to its disk and checks it all the time, with the start, stop and status programs that
 * an agent runs. The programs themselves note when the stop program returned and when the start program was launched, so that what
 * lies between is measured outside of what is being measured.
 */
record DemoWorkload(String id, Path directory) {

    /** Each second one is flushed to the disk: more, times all the workloads, and the machine does nothing else. */
    private static final int WRITES_PER_SECOND = 50;

    /** A journal of this length holds some dozens of acknowledged writes. */
    private static final int WRITING_BYTES = 4096;

    /** Between two cutovers: when the stop program returned and when the next start program was launched, Unix time in ns. */
    record Gap(long stoppedNanos, long launchedNanos) {}

    private Path times() {
        return directory.resolve("times");
    }

    Path journal() {
        return directory.resolve("journal");
    }

    private Path pidFile() {
        return directory.resolve("pid");
    }

    /** The file to which the program writes what it found wrong; it exists only if something was. */
    Path errors() {
        return directory.resolve("errors");
    }

    void writePrograms(Installation installation) {
        String program =
                installation.workload().stream().map(DemoWorkload::quoted).collect(Collectors.joining(" "));
        // Source and destination are one machine here: what a host knows of its workload is in that host's own
        // directory.
        String alive = """
                # A zombie is gone: whoever adopted it may be slow to bury it.
                alive() { read -r _ _ state _ < "/proc/$1/stat" && [ "$state" != Z ]; } 2>/dev/null
                """;
        Texts.writeProgram(directory.resolve("start"), """
                #!/bin/sh
                # Starts the workload on the disk that the agent names in the environment.
                %8$s[ -f %6$s ] && read -r last < %6$s && alive "$last" && grep -qs Exerciser "/proc/$last/cmdline" &&
                  echo "started while it runs as $last" >> %3$s
                echo "launched $(date +%%s%%N)" >> %1$s
                EXERCISER_RATE=%7$d EXERCISER_JOURNAL=%2$s EXERCISER_ERRORS=%3$s setsid %4$s >> %5$s 2>&1 < /dev/null &
                echo $! > "$SLUICE_STATE/pid"
                echo $! > %6$s
                """.formatted(
                        quoted(times()),
                        quoted(journal()),
                        quoted(errors()),
                        program,
                        quoted(directory.resolve("log")),
                        quoted(pidFile()),
                        WRITES_PER_SECOND,
                        alive));
        Texts.writeProgram(directory.resolve("stop"), """
                #!/bin/sh
                # Returns when the workload is gone from this host.
                %1$sif [ -f "$SLUICE_STATE/pid" ] && read -r pid < "$SLUICE_STATE/pid" && kill -TERM "$pid" 2>/dev/null; then
                  while alive "$pid"; do sleep 0.005; done
                fi
                rm -f "$SLUICE_STATE/pid"
                echo "stopped $(date +%%s%%N)" >> %2$s
                """.formatted(alive, quoted(times())));
        Texts.writeProgram(directory.resolve("status"), """
                #!/bin/sh
                # 0 running, 3 stopped: the codes of an init script (LSB 5.0, 22.2).
                %1$s[ -f "$SLUICE_STATE/pid" ] && read -r pid < "$SLUICE_STATE/pid" && alive "$pid" && exit 0
                exit 3
                """.formatted(alive));
    }

    Path program(String name) {
        return directory.resolve(name);
    }

    /** Whether it has written something since it was last started. */
    boolean isWriting() {
        if (!Files.isDirectory(journal()) || !Files.exists(times())) {
            return false;
        }
        long launches = Texts.read(times())
                .lines()
                .filter(line -> line.startsWith("launched"))
                .count();
        Path newest = journal().resolve("run-%06d".formatted(launches));
        return newest.toFile().length() > WRITING_BYTES;
    }

    /** The pauses in the workload's life, oldest first. */
    List<Gap> gaps() {
        List<Gap> gaps = new ArrayList<>();
        long stopped = 0;
        for (String line : Texts.read(times()).lines().toList()) {
            long nanos = Long.parseLong(line.substring(line.indexOf(' ') + 1));
            if (line.startsWith("stopped")) {
                stopped = nanos;
            } else if (stopped != 0) {
                gaps.add(new Gap(stopped, nanos));
                stopped = 0;
            }
        }
        return List.copyOf(gaps);
    }

    /** Every return of the stop program ({@code stopped}) and launch by the start program ({@code launched}), oldest first. */
    List<String> calls() {
        return Texts.read(times())
                .lines()
                .map(line -> line.substring(0, line.indexOf(' ')))
                .toList();
    }

    boolean running() {
        Path process = Path.of("/proc", Texts.read(pidFile()).strip());
        return Files.isDirectory(process);
    }

    /** Holds the program still where it is, so that its volume can be compared with its journal. */
    void freeze() {
        signal("STOP");
    }

    void thaw() {
        signal("CONT");
    }

    void end() {
        if (Files.exists(pidFile())) {
            signal("CONT");
            signal("KILL");
        }
    }

    private void signal(String name) {
        Signals.send(name, Texts.read(pidFile()).strip());
    }

    static String quoted(Object text) {
        return "'" + text.toString().replace("'", "'\\''") + "'";
    }
}
