package io.sluice.iscsi.exerciser;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.FileDisk;
import io.sluice.iscsi.initiator.DiskAddress;
import io.sluice.iscsi.initiator.InitiatorOptions;
import io.sluice.iscsi.initiator.IscsiDisk;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** The program: {@code run}, {@code verify}, {@code fill} or {@code rehearse}. */
public final class Exerciser {
    static final int OK = 0;
    static final int WRONG = 1;
    static final int USAGE = 2;
    static final int FAILED = 3;

    /** A disk that was just handed to this workload may take a moment to be served. */
    private static final Duration OPEN_LIMIT = Duration.ofSeconds(60);

    private static final Duration OPEN_PAUSE = Duration.ofMillis(20);

    /** A stop waits for the round under way for so long: while the disk does not answer it would wait for ever. */
    private static final Duration STOP_LIMIT = Duration.ofMillis(500);

    private static final String HELP = """
            Usage: exerciser run
                     writes and checks a disk until stopped; told by its environment: SLUICE_DISK_0 (iscsi://HOST:PORT/IQN/LUN),
                     SLUICE_DISK_0_USER, SLUICE_DISK_0_SECRET_FILE, EXERCISER_JOURNAL (directory), EXERCISER_ERRORS (file),
                     EXERCISER_RATE (writes a second, 100), EXERCISER_BATCH (writes per flush, 2), EXERCISER_INITIATOR (name)
                   exerciser fill FILE BYTES SEED CHECKSUMS
                     makes original content and writes down the checksums of its blocks
                   exerciser verify JOURNAL DISK CHECKSUMS
                     compares DISK (a file or iscsi://HOST:PORT/IQN/LUN) with the journal and the original; prints JSON
                   exerciser rehearse
                     writes and checks a disk of its own for a moment and ends; what it does for: run with
                     -XX:AOTCacheOutput=FILE it leaves a cache with which -XX:AOTCache=FILE starts `run` sooner
            Exit codes: 0 all well, 1 something on the disk is wrong, 2 wrong usage, 3 could not be done
            """;

    private Exerciser() {}

    public static void main(String[] arguments) {
        System.exit(run(arguments, System.getenv(), System.out, System.err));
    }

    static int run(String[] arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            if (arguments.length == 1 && arguments[0].equals("run")) {
                return exercise(ExerciserSettings.from(environment), err);
            }
            if (arguments.length == 5 && arguments[0].equals("fill")) {
                return fill(arguments);
            }
            if (arguments.length == 4 && arguments[0].equals("verify")) {
                return verify(arguments, environment, out);
            }
            if (arguments.length == 1 && arguments[0].equals("rehearse")) {
                return Rehearsal.play(err);
            }
            boolean asked = arguments.length == 1 && arguments[0].equals("--help");
            (asked ? out : err).print(HELP);
            return asked ? OK : USAGE;
        } catch (IllegalArgumentException e) {
            err.println("exerciser: " + e.getMessage());
            return USAGE;
        } catch (UncheckedIOException e) {
            err.println("exerciser: " + e.getMessage() + ": " + e.getCause());
            return FAILED;
        } catch (BlockDeviceException e) {
            err.println("exerciser: " + e.getMessage());
            return FAILED;
        }
    }

    private static int fill(String[] arguments) {
        long bytes = number(arguments[2]);
        new OriginalContent(number(arguments[3]))
                .fill(Path.of(arguments[1]), bytes)
                .save(Path.of(arguments[4]));
        return OK;
    }

    private static int verify(String[] arguments, Map<String, String> environment, PrintStream out) {
        Verification verification =
                new Verification(Journal.read(Path.of(arguments[1])), BlockChecksums.load(Path.of(arguments[3])));
        boolean iscsi = arguments[2].startsWith("iscsi://");
        try (BlockDevice disk = iscsi
                ? openIscsi(DiskAddress.parse(arguments[2]), ExerciserSettings.initiator(environment))
                : FileDisk.open(Path.of(arguments[2]), 512, true)) {
            boolean passed = verification.run(disk);
            out.println(verification.json());
            return passed ? OK : WRONG;
        }
    }

    private static int exercise(ExerciserSettings settings, PrintStream err) {
        History history = Journal.read(settings.journal());
        IscsiDisk disk = openIscsi(settings.disk(), settings.initiator());
        Journal journal = Journal.begin(settings.journal());
        Exercise exercise = new Exercise(disk, journal, history, settings);
        Thread stop = Thread.ofPlatform().unstarted(() -> stop(exercise, disk));
        Runtime.getRuntime().addShutdownHook(stop);
        String wrong = exercise.run();
        if (wrong == null) {
            return OK;
        }
        err.println("exerciser: " + wrong);
        note(settings.errors(), wrong);
        Runtime.getRuntime().removeShutdownHook(stop);
        disk.close();
        return WRONG;
    }

    /** On SIGTERM: ends the round under way, logs out, and is gone with exit code 0. */
    private static void stop(Exercise exercise, IscsiDisk disk) {
        exercise.stop();
        boolean finished = exercise.awaitFinished(STOP_LIMIT);
        if (finished && disk.connected()) {
            disk.close();
        }
        Runtime.getRuntime().halt(OK);
    }

    static IscsiDisk openIscsi(DiskAddress address, InitiatorOptions options) {
        long giveUpAt = System.nanoTime() + OPEN_LIMIT.toNanos();
        while (true) {
            try {
                return IscsiDisk.open(address, options);
            } catch (BlockDeviceException e) {
                if (!e.transientFailure() || System.nanoTime() - giveUpAt > 0) {
                    throw e;
                }
                LockSupport.parkNanos(OPEN_PAUSE.toNanos());
            }
        }
    }

    private static void note(Path errors, String wrong) {
        try {
            Files.writeString(errors, wrong + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + errors, e);
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no number", e);
        }
    }
}
