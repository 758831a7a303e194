package io.sluice.iscsi.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.iscsi.block.FileDisk;
import io.sluice.iscsi.initiator.DiskAddress;
import io.sluice.iscsi.initiator.InitiatorOptions;
import io.sluice.iscsi.initiator.IscsiDisk;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A target killed under load and started again: its initiators only wait. */
@Timeout(120)
class TargetRestartTest {

    private static final int SIZE = 64 << 20;
    private static final int BLOCK = 4096;
    private static final int WRITERS = 8;
    private static final int KILLS = 3;

    @TempDir
    private Path directory;

    @Test
    void sessionsComeBackAndEveryAcknowledgedWriteIsThere() throws Exception {
        Path file = directory.resolve("disk");
        FileDisk.create(file, SIZE);
        int port = TargetProcess.freePort();
        Load load = new Load();
        TargetProcess target = TargetProcess.serving(port, file);
        try (IscsiDisk disk = IscsiDisk.open(
                        new DiskAddress("127.0.0.1", port, TargetProcess.IQN, 0),
                        InitiatorOptions.named("iqn.x:host"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String serial = disk.serial();
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writers.add(threads.submit(() -> load.write(disk, writer)));
            }
            for (int i = 0; i < KILLS; i++) {
                load.awaitProgress();
                target.kill();
                target = TargetProcess.serving(port, file);
                load.awaitProgress();
            }
            load.over.set(true);
            for (Future<?> writer : writers) {
                writer.get(); // a write that failed fails the test here
            }
            assertThat(disk.serial()).isEqualTo(serial);
            load.check(disk);
        } finally {
            target.kill();
        }
        System.out.printf(
                "longest stall of a write over %d kills: %d ms%n", KILLS, load.longestNanos.get() / 1_000_000);
    }

    @Test
    void qemuOnlyWaits() throws Exception {
        boolean there = Files.isExecutable(Path.of("/usr/bin/qemu-img"));
        assumeTrue(there || System.getenv("CI") != null, "qemu-img is not installed (Debian: qemu-utils)");
        Path file = directory.resolve("disk");
        FileDisk.create(file, SIZE);
        int port = TargetProcess.freePort();
        TargetProcess target = TargetProcess.serving(port, file);
        Process qemu = null;
        try {
            Path said = directory.resolve("qemu.log");
            qemu = new ProcessBuilder(
                            "qemu-img",
                            "bench",
                            "-w",
                            "-f",
                            "raw",
                            "-c",
                            "40000",
                            "-d",
                            "4",
                            "-s",
                            String.valueOf(BLOCK),
                            "-t",
                            "none",
                            "iscsi://127.0.0.1:%d/%s/0".formatted(port, TargetProcess.IQN))
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            awaitWrites(file);
            target.kill();
            boolean stillRunning = qemu.isAlive();
            target = TargetProcess.serving(port, file);
            assertThat(qemu.waitFor(100, TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(said)).contains("Run completed").doesNotContain("error");
            assertThat(qemu.exitValue()).isZero();
            assertThat(stillRunning)
                    .as("qemu was at work when the target was killed")
                    .isTrue();
        } finally {
            if (qemu != null) {
                qemu.destroyForcibly();
            }
            target.kill();
        }
    }

    private static void awaitWrites(Path file) throws Exception {
        Object before = Files.getLastModifiedTime(file);
        while (Files.getLastModifiedTime(file).equals(before)) {
            Thread.sleep(10);
        }
    }

    /** Each writer has its own stripe of blocks, and knows what it last had acknowledged in each. */
    private static final class Load {
        private static final int BLOCKS = SIZE / BLOCK / WRITERS;

        final AtomicBoolean over = new AtomicBoolean();
        final AtomicLong acknowledged = new AtomicLong();
        final AtomicLong longestNanos = new AtomicLong();
        private final long[][] last = new long[WRITERS][BLOCKS];

        void write(IscsiDisk disk, int writer) {
            Random random = new Random(writer);
            for (long number = 1; !over.get(); number++) {
                int block = random.nextInt(BLOCKS);
                long start = System.nanoTime();
                disk.write(offset(writer, block), content(writer, block, number));
                longestNanos.accumulateAndGet(System.nanoTime() - start, Math::max);
                last[writer][block] = number;
                acknowledged.incrementAndGet();
            }
        }

        void awaitProgress() throws InterruptedException {
            long before = acknowledged.get();
            while (acknowledged.get() < before + 500) {
                Thread.sleep(1);
            }
        }

        void check(IscsiDisk disk) {
            ByteBuffer read = ByteBuffer.allocate(BLOCK);
            for (int writer = 0; writer < WRITERS; writer++) {
                for (int block = 0; block < BLOCKS; block++) {
                    if (last[writer][block] > 0) {
                        disk.read(offset(writer, block), read.clear());
                        assertThat(read.flip()).isEqualTo(content(writer, block, last[writer][block]));
                    }
                }
            }
        }

        private static long offset(int writer, int block) {
            return ((long) writer * BLOCKS + block) * BLOCK;
        }

        private static ByteBuffer content(int writer, int block, long number) {
            ByteBuffer content = ByteBuffer.allocate(BLOCK);
            while (content.hasRemaining()) {
                content.putInt(writer).putInt(block).putLong(number);
            }
            return content.flip();
        }
    }
}
