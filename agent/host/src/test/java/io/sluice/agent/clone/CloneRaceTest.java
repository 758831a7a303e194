package io.sluice.agent.clone;

import static io.sluice.agent.clone.Rig.BLOCK;
import static io.sluice.agent.clone.Rig.REGION;
import static io.sluice.agent.clone.Rig.REGIONS;
import static io.sluice.agent.clone.Rig.SIZE;
import static io.sluice.agent.clone.Rig.filled;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.block.MemoryDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Meetings of the workload with copies in flight, held at the worst moment by gates, and at random. */
@Timeout(60)
class CloneRaceTest {
    @TempDir
    Path directory;

    @Test
    void anOverwriteDuringAFetchGoesThroughAtOnceAndTheFetchedBytesAreDropped() {
        try (Rig rig = new Rig(directory, Rig.source())) {
            Gate gate = holdFetchOf(rig, 0);
            rig.hydrate();
            gate.awaitArrival();
            rig.write(0, filled(REGION, 7));
            rig.device.flush();
            gate.open();
            Rig.await("all hydrated", () -> rig.device.progress().complete());
            assertThat(rig.read(0, REGION)).isEqualTo(filled(REGION, 7));
            assertThat(rig.device.verify().writtenRegions()).isEqualTo(1);
        }
    }

    @Test
    void anUnmapDuringAFetchWinsOverTheCopyAndLaterWritesStay() {
        try (Rig rig = new Rig(directory, Rig.source())) {
            Gate gate = holdFetchOf(rig, 0);
            rig.hydrate();
            gate.awaitArrival();
            rig.device.unmap(0, REGION);
            rig.write(BLOCK, filled(BLOCK, 3));
            rig.device.flush();
            gate.open();
            Rig.await("all hydrated", () -> rig.device.progress().complete());
            byte[] expected = new byte[REGION];
            Arrays.fill(expected, BLOCK, 2 * BLOCK, (byte) 3);
            assertThat(rig.read(0, REGION)).isEqualTo(expected);
            rig.reopen();
            assertThat(rig.read(0, REGION)).isEqualTo(expected);
        }
    }

    @Test
    void anUnmapDuringTheLocalWriteOfACopyWaitsForItAndComesAfterIt() throws Exception {
        GatedDisk local = new GatedDisk(new MemoryDisk(SIZE, BLOCK));
        try (Rig rig = new Rig(directory, Rig.source(), local);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Gate gate = new Gate();
            AtomicBoolean first = new AtomicBoolean(true);
            local.beforeWrite(offset -> {
                if (offset == 0 && first.compareAndSet(true, false)) {
                    gate.pass();
                }
            });
            rig.hydrate();
            gate.awaitArrival();
            Future<?> unmap = threads.submit(() -> rig.device.unmap(0, REGION));
            Rig.await("the others are hydrated", () -> rig.hydrated() == REGIONS - 1);
            assertThat(unmap.isDone()).isFalse();
            gate.open();
            unmap.get();
            assertThat(rig.read(0, REGION)).isEqualTo(new byte[REGION]);
        }
    }

    @Test
    void aPartialWriteDuringAFetchWaitsAndIsNotOverwrittenByIt() throws Exception {
        try (Rig rig = new Rig(directory, Rig.source());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Gate gate = holdFetchOf(rig, 0);
            rig.hydrate();
            gate.awaitArrival();
            Future<?> write = threads.submit(() -> rig.write(BLOCK, filled(BLOCK, 8)));
            Rig.await("the others are hydrated", () -> rig.hydrated() == REGIONS - 1);
            assertThat(write.isDone()).isFalse();
            gate.open();
            write.get();
            assertThat(rig.read(0, BLOCK)).isEqualTo(rig.sourceBytes(0, BLOCK));
            assertThat(rig.read(BLOCK, BLOCK)).isEqualTo(filled(BLOCK, 8));
        }
    }

    @Test
    void readsOfLocalRegionsAndOfTheFetchedRegionItselfDoNotWaitForAHangingCopy() {
        try (Rig rig = new Rig(directory, Rig.source())) {
            rig.read(REGION, REGION);
            Gate gate = holdFetchOf(rig, 0);
            rig.hydrate();
            gate.awaitArrival();
            assertThat(rig.read(REGION, REGION)).isEqualTo(rig.sourceBytes(REGION, REGION));
            rig.write(REGION, filled(BLOCK, 1));
            assertThat(rig.read(BLOCK, BLOCK)).isEqualTo(rig.sourceBytes(BLOCK, BLOCK));
            gate.open();
        }
    }

    @Test
    void aWorkloadThatNeverPausesDoesNotStopHydration() throws Exception {
        try (Rig rig = new Rig(directory, Rig.source());
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean stop = new AtomicBoolean();
            AtomicLong demand = new AtomicLong();
            AtomicInteger backgroundMeanwhile = new AtomicInteger();
            Gate wholeTime = new Gate();
            // Reads of single blocks of the last region never end: some demand is in flight at every moment.
            rig.source.beforeRead((offset, length) -> {
                if (length == BLOCK && offset >= SIZE - REGION) {
                    demand.incrementAndGet();
                    wholeTime.pass();
                } else if (length == REGION && !stop.get()) {
                    backgroundMeanwhile.incrementAndGet();
                }
            });
            List<Future<?>> guests = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                guests.add(threads.submit(() -> rig.read(SIZE - BLOCK, BLOCK)));
            }
            wholeTime.awaitArrival();
            Rig.await(
                    "demand is bounded",
                    () -> demand.get() == SourceShares.of(4).demand());
            rig.hydrateAll();
            assertThat(backgroundMeanwhile.get()).isEqualTo(REGIONS);
            assertThat(demand.get()).isEqualTo(SourceShares.of(4).demand());
            stop.set(true);
            wholeTime.open();
            for (Future<?> guest : guests) {
                guest.get();
            }
        }
    }

    /** Each thread owns some blocks of every region, so that all meet in every region and each knows what it must find. */
    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    void randomWritersUnmappersAndReadersAgreeWithTheirModelWhileRegionsAreCopied(long seed) throws Exception {
        FakeSource source = FakeSource.random(SIZE, BLOCK, seed).hole(6 * REGION, 9 * REGION);
        source.beforeRead((offset, length) -> LockSupport.parkNanos(1_000));
        byte[] model = source.content.clone();
        try (Rig rig = new Rig(directory, source);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            rig.device.markHoles();
            rig.hydrate();
            List<Future<?>> running = new ArrayList<>();
            for (int owner = 0; owner < 4; owner++) {
                int mine = owner;
                running.add(threads.submit(() -> workload(rig, model, mine, new Random(seed * 31 + mine))));
            }
            for (Future<?> thread : running) {
                thread.get();
            }
            rig.hydrateAll();
            assertThat(rig.read(0, SIZE)).as("seed %d", seed).isEqualTo(model);
            assertThat(rig.device.verify().mismatchedRegions()).isZero();
            rig.reopen();
            assertThat(rig.read(0, SIZE)).as("seed %d, opened again", seed).isEqualTo(model);
            assertThat(rig.device.verify().mismatchedRegions()).isZero();
        }
    }

    /** Owner 0 has regions of its own which it replaces whole; the others share the rest, two blocks of every eight each. */
    private static void workload(Rig rig, byte[] model, int owner, Random random) {
        for (int step = 0; step < 150; step++) {
            int region = random.nextInt(REGIONS);
            int offset = region * REGION;
            int length = REGION;
            if (owner == 0) {
                offset = region % 4 == 0 ? offset : (region / 4) * 4 * REGION;
            } else {
                offset = (region % 4 == 0 ? offset + REGION : offset) + 2 * (owner - 1) * BLOCK;
                length = 2 * BLOCK;
            }
            switch (random.nextInt(4)) {
                case 0 -> {
                    byte[] bytes = new byte[length];
                    random.nextBytes(bytes);
                    rig.write(offset, bytes);
                    System.arraycopy(bytes, 0, model, offset, length);
                }
                case 1 -> {
                    rig.device.unmap(offset, length);
                    Arrays.fill(model, offset, offset + length, (byte) 0);
                }
                case 2 -> rig.device.flush();
                default ->
                    assertThat(rig.read(offset, length)).isEqualTo(Arrays.copyOfRange(model, offset, offset + length));
            }
        }
    }

    private static Gate holdFetchOf(Rig rig, long held) {
        Gate gate = new Gate();
        rig.source.beforeRead((offset, length) -> {
            if (offset == held && length == REGION) {
                gate.pass();
            }
        });
        return gate;
    }
}
