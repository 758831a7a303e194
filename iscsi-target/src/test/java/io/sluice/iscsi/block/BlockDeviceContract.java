package io.sluice.iscsi.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link BlockDevice} promises. A subclass makes a writable device of 4 MiB that reads zero. */
public abstract class BlockDeviceContract {
    protected static final long SIZE = 4 << 20;

    protected abstract BlockDevice device() throws Exception;

    @Test
    void freshBlocksReadAsZeros() throws Exception {
        try (BlockDevice device = device()) {
            assertThat(read(device, SIZE - 8192, 8192)).containsOnly(0);
        }
    }

    @Test
    void whatWasWrittenIsReadBack() throws Exception {
        try (BlockDevice device = device()) {
            byte[] content = random(3 * 4096, 1);
            write(device, 4096, content);
            assertThat(read(device, 4096, content.length)).isEqualTo(content);
            assertThat(read(device, 0, 4096)).containsOnly(0);
            assertThat(read(device, 16384, 4096)).containsOnly(0);
        }
    }

    @Test
    void readingNowGivesWhatReadingGivesOrSaysThatItDoesNot() throws Exception {
        try (BlockDevice device = device()) {
            byte[] content = random(3 * 4096, 1);
            write(device, 4096, content);
            for (boolean direct : new boolean[] {false, true}) {
                ByteBuffer into = direct ? ByteBuffer.allocateDirect(16384) : ByteBuffer.allocate(16384);
                boolean done = device.readNow(4096, into.position(4096));
                assertThat(into.position()).isEqualTo(done ? 16384 : 4096);
                byte[] back = new byte[content.length];
                into.clear().get(4096, back);
                assertThat(!done || Arrays.equals(back, content)).isTrue();
            }
            assertThatThrownBy(() -> device.readNow(SIZE, ByteBuffer.allocateDirect(512)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void buffersAreUsedFromTheirPositionToTheirLimitAndEndAtIt() throws Exception {
        try (BlockDevice device = device()) {
            byte[] content = random(4096, 2);
            for (boolean direct : new boolean[] {false, true}) {
                ByteBuffer from = direct ? ByteBuffer.allocateDirect(12288) : ByteBuffer.allocate(12288);
                from.put(4096, content).position(4096).limit(8192);
                device.write(8192, from);
                assertThat(from.position()).isEqualTo(8192);
                ByteBuffer into = direct ? ByteBuffer.allocateDirect(12288) : ByteBuffer.allocate(12288);
                device.read(8192, into.position(4096).limit(8192));
                assertThat(into.position()).isEqualTo(8192);
                byte[] back = new byte[4096];
                into.clear().get(4096, back);
                assertThat(back).isEqualTo(content);
                assertThat(into.get(4095)).isZero();
                assertThat(into.get(8192)).isZero();
            }
        }
    }

    @Test
    void readOnlyBuffersCanBeWrittenFrom() throws Exception {
        try (BlockDevice device = device()) {
            byte[] content = random(4096, 3);
            device.write(0, ByteBuffer.wrap(content).asReadOnlyBuffer());
            assertThat(read(device, 0, 4096)).isEqualTo(content);
        }
    }

    @Test
    void theLastBlockCanBeWrittenAndNothingBeyondIt() throws Exception {
        try (BlockDevice device = device()) {
            byte[] content = random(4096, 4);
            write(device, SIZE - 4096, content);
            assertThat(read(device, SIZE - 4096, 4096)).isEqualTo(content);
            assertThatThrownBy(() -> read(device, SIZE, 4096)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> write(device, SIZE - 4096, new byte[8192]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> device.unmap(SIZE - 4096, 8192)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> device.extentAt(SIZE)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> read(device, -4096, 4096)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void offsetsAndLengthsAreWholeBlocks() throws Exception {
        try (BlockDevice device = device()) {
            assertThatThrownBy(() -> read(device, 1, 4096)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> read(device, 0, 100)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> write(device, 17, new byte[4096])).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void unmappedBlocksReadAsZerosAndTheirNeighboursStay() throws Exception {
        try (BlockDevice device = device()) {
            byte[] content = random(1 << 20, 5);
            write(device, 1 << 20, content);
            device.flush();
            device.unmap((1 << 20) + 65536, 131072);
            byte[] expected = content.clone();
            Arrays.fill(expected, 65536, 65536 + 131072, (byte) 0);
            assertThat(read(device, 1 << 20, 1 << 20)).isEqualTo(expected);
        }
    }

    @Test
    void anUnmappedBlockCanBeWrittenAgain() throws Exception {
        try (BlockDevice device = device()) {
            write(device, 0, random(65536, 6));
            device.unmap(0, 65536);
            byte[] again = random(4096, 7);
            write(device, 4096, again);
            assertThat(read(device, 4096, 4096)).isEqualTo(again);
            assertThat(read(device, 0, 4096)).containsOnly(0);
        }
    }

    @Test
    void extentsCoverTheDiskWithoutGapAndHolesReadAsZeros() throws Exception {
        try (BlockDevice device = device()) {
            write(device, 1 << 20, random(65536, 8));
            write(device, 3 << 20, random(131072, 9));
            device.flush();
            List<Extent> extents = extents(device);
            assertThat(extents.getFirst().offset()).isZero();
            assertThat(extents.getLast().end()).isEqualTo(SIZE);
            for (int i = 1; i < extents.size(); i++) {
                assertThat(extents.get(i).offset()).isEqualTo(extents.get(i - 1).end());
            }
            for (Extent extent : extents) {
                if (!extent.allocated()) {
                    assertThat(read(device, extent.offset(), (int) extent.lengthBytes()))
                            .containsOnly(0);
                }
            }
            assertThat(device.extentAt((1 << 20) + 4096).allocated()).isTrue();
        }
    }

    @Test
    void manyThreadsAtOnceWriteAndReadTheirOwnBlocks() throws Exception {
        try (BlockDevice device = device();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int thread = 0; thread < 16; thread++) {
                long offset = thread * 65536L;
                int seed = thread;
                tasks.add(() -> {
                    for (int round = 0; round < 20; round++) {
                        byte[] content = random(65536, seed * 1000L + round);
                        write(device, offset, content);
                        if (round % 5 == 0) {
                            device.flush();
                        }
                        assertThat(read(device, offset, 65536)).isEqualTo(content);
                    }
                    return null;
                });
            }
            for (Future<Void> done : executor.invokeAll(tasks)) {
                done.get();
            }
        }
    }

    @Test
    void anInterruptedThreadDoesNotSpoilTheDeviceForOthers() throws Exception {
        try (BlockDevice device = device();
                ExecutorService executor =
                        Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
            byte[] content = random(65536, 10);
            write(device, 0, content);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                boolean interrupted = i % 2 == 0;
                all.add(executor.submit(() -> {
                    for (int round = 0; round < 200; round++) {
                        if (interrupted) {
                            Thread.currentThread().interrupt();
                        }
                        assertThat(read(device, 0, 65536)).isEqualTo(content);
                        if (interrupted) {
                            assertThat(Thread.interrupted()).isTrue();
                        }
                    }
                }));
            }
            for (Future<?> done : all) {
                done.get();
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a reader failed", e.getCause());
        }
    }

    @Test
    void aClosedDeviceRefusesWorkAndMayBeClosedAgain() throws Exception {
        BlockDevice device = device();
        device.close();
        device.close();
        assertThatThrownBy(() -> read(device, 0, 4096)).isInstanceOf(BlockDeviceException.class);
        assertThatThrownBy(() -> device.unmap(0, 4096)).isInstanceOf(BlockDeviceException.class);
    }

    protected static List<Extent> extents(BlockDevice device) {
        List<Extent> extents = new ArrayList<>();
        for (long at = 0; at < device.sizeBytes(); at = extents.getLast().end()) {
            extents.add(device.extentAt(at));
        }
        return extents;
    }

    protected static byte[] read(BlockDevice device, long offset, int length) {
        byte[] content = new byte[length];
        device.read(offset, ByteBuffer.wrap(content));
        return content;
    }

    protected static void write(BlockDevice device, long offset, byte[] content) {
        device.write(offset, ByteBuffer.wrap(content));
    }

    protected static byte[] random(int length, long seed) {
        byte[] content = new byte[length];
        new Random(seed).nextBytes(content);
        return content;
    }
}
