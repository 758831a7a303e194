package io.sluice.iscsi.exerciser;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.block.FileDisk;
import io.sluice.iscsi.initiator.DiskAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExerciserTest {
    private static final long SIZE = 32 << 20;

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void fill() {
        assertThat(exerciser(
                        "fill",
                        disk().toString(),
                        Long.toString(SIZE),
                        "42",
                        checksums().toString()))
                .isEqualTo(Exerciser.OK);
    }

    @Test
    void aRehearsalNeedsNothingAndEndsWell() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Exerciser.run(new String[] {"rehearse"}, Map.of(), System.out, new PrintStream(err));
        assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(code).isEqualTo(Exerciser.OK);
    }

    @Test
    void originalContentIsTheSameForTheSameSeedAndHasHoles() throws IOException {
        Path again = directory.resolve("again");
        Path sums = directory.resolve("sums");
        assertThat(exerciser("fill", again.toString(), Long.toString(SIZE), "42", sums.toString()))
                .isEqualTo(Exerciser.OK);
        assertThat(Files.mismatch(disk(), again)).isEqualTo(-1);
        assertThat(Files.mismatch(checksums(), sums)).isEqualTo(-1);
        assertThat(Files.size(again)).isEqualTo(SIZE);
        try (FileDisk disk = FileDisk.open(again, 512, true)) {
            long allocated = 0;
            for (long at = 0; at < SIZE; at = disk.extentAt(at).end()) {
                allocated += disk.extentAt(at).allocated() ? disk.extentAt(at).lengthBytes() : 0;
            }
            assertThat(allocated).isBetween(SIZE / 10, SIZE * 9 / 10);
        }
    }

    @Test
    void aFileWithContentIsNotFilled() throws IOException {
        Path precious = Files.writeString(directory.resolve("precious"), "precious");
        assertThat(exerciser(
                        "fill", precious.toString(), "4096", "1", checksums().toString()))
                .isEqualTo(Exerciser.USAGE);
        assertThat(precious).hasContent("precious");
    }

    @Test
    void whatWasExercisedIsVerifiedOverSeveralRuns() {
        exercise(200);
        exercise(200);
        assertThat(verify()).isEqualTo(Exerciser.OK);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("\"passed\":true", "\"wrong\":[]", "\"runs\":[{", "},{\"acknowledgedWrites\":");
    }

    @Test
    void onlyThePlaygroundIsWrittenTo() {
        exercise(100);
        History history = Journal.read(journal());
        assertThat(history.blocks())
                .isNotEmpty()
                .allSatisfy((block, state) -> assertThat(block % 2048).isLessThan(256));
    }

    @Test
    void oneWrongByteInAWrittenBlockIsFound() {
        exercise(100);
        long block = Journal.read(journal()).blocks().entrySet().stream()
                .filter(entry -> entry.getValue().everAcknowledged())
                .findFirst()
                .orElseThrow()
                .getKey();
        flip(block * NumberedBlock.BYTES + 2000);
        assertThat(verify()).isEqualTo(Exerciser.WRONG);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("\"wrongBlocks\":1", "block " + block + " holds nothing");
    }

    @Test
    void oneWrongByteInAnUntouchedBlockIsFound() {
        exercise(50);
        flip(SIZE - 1);
        assertThat(verify()).isEqualTo(Exerciser.WRONG);
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("\"wrongBlocks\":1", "differs from the original");
    }

    @Test
    void aStaleBlockIsFound() {
        exercise(50);
        History history = Journal.read(journal());
        long block = history.blocks().entrySet().stream()
                .filter(entry -> entry.getValue().everAcknowledged())
                .findFirst()
                .orElseThrow()
                .getKey();
        put(new NumberedBlock(block, history.highestSequence() + 1, 0));
        assertThat(verify()).isEqualTo(Exerciser.WRONG);
    }

    @Test
    void aWriteWithoutAnswerMayHaveHappenedOrNot() throws IOException {
        exercise(50);
        History history = Journal.read(journal());
        long next = history.highestSequence() + 1;
        Files.createDirectories(journal());
        Files.writeString(
                journal().resolve("run-000002"), new JournalEntry(false, 255, next, 1).line() + "I 254 cut o");
        assertThat(verify()).isEqualTo(Exerciser.OK);
        put(new NumberedBlock(255, next, 1));
        assertThat(verify()).isEqualTo(Exerciser.OK);
    }

    @Test
    void aDiskThatLosesWritesIsCaughtWhileRunning() {
        try (FileDisk disk = FileDisk.open(disk(), 512, false);
                Journal journal = Journal.begin(journal())) {
            Exercise exercise = new Exercise(new LossyDisk(disk), journal, new History(), settings());
            assertThat(exercise.run()).contains("block");
        }
    }

    @Test
    void wrongUsageIsToldWithoutAStackTrace() {
        assertThat(exerciser("dance")).isEqualTo(Exerciser.USAGE);
        assertThat(exerciser("run")).isEqualTo(Exerciser.USAGE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .contains("EXERCISER_JOURNAL is not set")
                .doesNotContain("\tat ");
        assertThat(exerciser("--help")).isEqualTo(Exerciser.OK);
    }

    private void exercise(long writes) {
        History history = Journal.read(journal());
        long before = history.acknowledgedWrites();
        try (FileDisk disk = FileDisk.open(disk(), 512, false);
                Journal journal = Journal.begin(journal())) {
            Exercise exercise = new Exercise(disk, journal, history, settings());
            Thread stopper = Thread.ofVirtual().start(() -> {
                await(() -> Journal.read(journal()).acknowledgedWrites() >= before + writes);
                exercise.stop();
            });
            assertThat(exercise.run()).isNull();
            assertThat(stopper.isAlive() && !exercise.awaitFinished(Duration.ZERO))
                    .isFalse();
        }
    }

    private int verify() {
        out.reset();
        return exerciser(
                "verify", journal().toString(), disk().toString(), checksums().toString());
    }

    private int exerciser(String... arguments) {
        return Exerciser.run(
                arguments,
                Map.of(),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private void flip(long at) {
        try (FileDisk disk = FileDisk.open(disk(), 512, false)) {
            ByteBuffer block = ByteBuffer.allocate(512);
            disk.read(at / 512 * 512, block);
            int index = (int) (at % 512);
            block.put(index, (byte) ~block.get(index));
            disk.write(at / 512 * 512, block.clear());
        }
    }

    private void put(NumberedBlock block) {
        try (FileDisk disk = FileDisk.open(disk(), 512, false)) {
            ByteBuffer content = ByteBuffer.allocate(NumberedBlock.BYTES);
            block.encode(content);
            disk.write(block.block() * NumberedBlock.BYTES, content.flip());
        }
    }

    private ExerciserSettings settings() {
        return new ExerciserSettings(
                new DiskAddress("unused", 1, "unused", 0),
                ExerciserSettings.initiator(Map.of()),
                journal(),
                directory.resolve("errors"),
                5000,
                4);
    }

    private static void await(BooleanSupplier condition) {
        long limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("time by which it should have happened")
                    .isLessThan(limit);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private Path disk() {
        return directory.resolve("disk");
    }

    private Path checksums() {
        return directory.resolve("checksums");
    }

    private Path journal() {
        return directory.resolve("journal");
    }
}
