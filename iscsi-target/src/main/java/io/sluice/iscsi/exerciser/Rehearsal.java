package io.sluice.iscsi.exerciser;

import io.sluice.iscsi.block.MemoryDisk;
import io.sluice.iscsi.initiator.IscsiDisk;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.login.ChapCredentials;
import io.sluice.iscsi.netty.TargetDefinition;
import io.sluice.iscsi.netty.TargetServer;
import io.sluice.iscsi.netty.TargetServerConfig;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What {@code run} does, on a disk in memory behind a target in the same process: touches every class a real run needs. */
final class Rehearsal {
    private static final String TARGET = "iqn.2026-11.io.sluice:rehearsal";
    private static final long DISK_BYTES = 8 << 20;

    /** Some dozens of rounds at the default rate. */
    private static final Duration LENGTH = Duration.ofMillis(700);

    private Rehearsal() {}

    static int play(PrintStream err) {
        try {
            Path directory = Files.createTempDirectory("exerciser-rehearsal");
            try {
                return play(directory, err);
            } finally {
                delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot rehearse in the directory for temporary files", e);
        }
    }

    private static int play(Path directory, PrintStream err) throws IOException {
        String secret = UUID.randomUUID().toString();
        Path secretFile = Files.writeString(directory.resolve("secret"), secret);
        ChapCredentials user = new ChapCredentials("rehearsal", secret.getBytes(StandardCharsets.UTF_8));
        try (MemoryDisk memory = new MemoryDisk(DISK_BYTES, 512);
                TargetServer server = TargetServer.start(
                        TargetServerConfig.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))) {
            server.serve(new TargetDefinition(
                    TARGET,
                    List.of(new LogicalUnit(memory, "rehearsal", false)),
                    new Admission(null, user, null),
                    Rate.UNLIMITED));
            ExerciserSettings settings = ExerciserSettings.from(Map.of(
                    "SLUICE_DISK_0", "iscsi://127.0.0.1:" + server.address().getPort() + "/" + TARGET + "/0",
                    "SLUICE_DISK_0_USER", user.user(),
                    "SLUICE_DISK_0_SECRET_FILE", secretFile.toString(),
                    "EXERCISER_JOURNAL", directory.resolve("journal").toString()));
            // Twice, for the second run finds a journal, as a workload does that was moved.
            String wrong = exercise(settings);
            String wrongThen = exercise(settings);
            if (wrong == null && wrongThen == null) {
                return Exerciser.OK;
            }
            err.println("exerciser: the rehearsal failed: " + (wrong == null ? wrongThen : wrong));
            return Exerciser.WRONG;
        }
    }

    private static @Nullable String exercise(ExerciserSettings settings) {
        History history = Journal.read(settings.journal());
        try (IscsiDisk disk = Exerciser.openIscsi(settings.disk(), settings.initiator())) {
            Exercise exercise = new Exercise(disk, Journal.begin(settings.journal()), history, settings);
            Thread.ofPlatform().daemon().start(() -> {
                LockSupport.parkNanos(LENGTH.toNanos() / 2);
                exercise.stop();
            });
            return exercise.run();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(each);
            }
        }
    }
}
