package io.sluice.orchestrator.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A workload of the demo: a program that writes to its disk and checks it all the time, with the start, stop and status programs that
 * an agent runs. The programs themselves note when the stop program returned and when the start program was launched, so that what
 * lies between is measured outside of what is being measured.
 */
record DemoWorkload(String id, Path directory) {

    static final String PROGRAM = "io.sluice.iscsi.exerciser.Exerciser";

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
        String program = installation.exerciser(PROGRAM, List.of("run")).stream()
                .map(DemoWorkload::quoted)
                .collect(Collectors.joining(" "));
        Texts.writeProgram(directory.resolve("start"), """
                #!/bin/sh
                # Starts the workload on the disk that the agent names in the environment.
                echo "launched $(date +%%s%%N)" >> %1$s
                EXERCISER_JOURNAL=%2$s EXERCISER_ERRORS=%3$s setsid %4$s >> %5$s 2>&1 < /dev/null &
                echo $! > %6$s
                """.formatted(
                        quoted(times()),
                        quoted(journal()),
                        quoted(errors()),
                        program,
                        quoted(directory.resolve("log")),
                        quoted(pidFile())));
        Texts.writeProgram(directory.resolve("stop"), """
                #!/bin/sh
                # Returns when the workload is gone. A zombie is gone: whoever adopted it may be slow to bury it.
                alive() { read -r _ _ state _ < "/proc/$1/stat" && [ "$state" != Z ]; } 2>/dev/null
                if read -r pid < %1$s && kill -TERM "$pid" 2>/dev/null; then
                  while alive "$pid"; do sleep 0.005; done
                fi
                echo "stopped $(date +%%s%%N)" >> %2$s
                """.formatted(quoted(pidFile()), quoted(times())));
        Texts.writeProgram(directory.resolve("status"), """
                #!/bin/sh
                # 0 running, 3 stopped: the codes of an init script (LSB 5.0, 22.2).
                alive() { read -r _ _ state _ < "/proc/$1/stat" && [ "$state" != Z ]; } 2>/dev/null
                [ -f %1$s ] && read -r pid < %1$s && alive "$pid" && exit 0
                exit 3
                """.formatted(quoted(pidFile())));
    }

    Path program(String name) {
        return directory.resolve(name);
    }

    boolean isWriting() {
        if (!Files.isDirectory(journal())) {
            return false;
        }
        try (Stream<Path> files = Files.list(journal())) {
            return files.anyMatch(file -> file.toFile().length() > 4096);
        } catch (IOException e) {
            throw new DemoFailure("cannot look into " + journal() + ": " + e.getMessage(), e);
        }
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
