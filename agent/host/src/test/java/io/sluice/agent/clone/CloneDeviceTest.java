package io.sluice.agent.clone;

import static io.sluice.agent.clone.Rig.BLOCK;
import static io.sluice.agent.clone.Rig.REGION;
import static io.sluice.agent.clone.Rig.REGIONS;
import static io.sluice.agent.clone.Rig.SIZE;
import static io.sluice.agent.clone.Rig.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.MemoryDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Reads and writes of a workload, and what keeps them. */
@Timeout(60)
class CloneDeviceTest {
    @TempDir
    Path directory;

    @Test
    void readsFallThroughToTheSourceWithExactlyTheWantedBytes() {
        try (Rig rig = new Rig(directory, Rig.source())) {
            assertThat(rig.read(5 * REGION + BLOCK, BLOCK)).isEqualTo(rig.sourceBytes(5 * REGION + BLOCK, BLOCK));
            Rig.await("the region that was read is kept", () -> rig.hydrated() == 1);
            assertThat(rig.source.bytesRead.get()).isEqualTo(BLOCK + REGION);
        }
    }

    @Test
    void aRegionReadWholeIsKeptWithoutReadingItAgain() {
        try (Rig rig = new Rig(directory, Rig.source())) {
            assertThat(rig.read(REGION, 3 * REGION)).isEqualTo(rig.sourceBytes(REGION, 3 * REGION));
            assertThat(rig.hydrated()).isEqualTo(3);
            assertThat(rig.source.asked.get()).isEqualTo(1);
            rig.source.beforeRead((offset, length) -> {
                throw FakeSource.gone();
            });
            assertThat(rig.read(REGION, 3 * REGION)).isEqualTo(rig.sourceBytes(REGION, 3 * REGION));
        }
    }

    @Test
    void aWholeRegionIsWrittenWithoutAReadAndNeverToTheSource() {
        try (Rig rig = new Rig(directory, Rig.source())) {
            rig.write(2 * REGION, filled(2 * REGION, 7));
            assertThat(rig.source.asked.get()).isZero();
            assertThat(rig.read(2 * REGION, 2 * REGION)).isEqualTo(filled(2 * REGION, 7));
            assertThat(rig.device.progress().writtenBytes()).isEqualTo(2 * REGION);
        }
    }

    @Test
    void aPartialWriteBringsTheRestOfItsRegionFirst() {
        try (Rig rig = new Rig(directory, Rig.source())) {
            rig.write(REGION - BLOCK, filled(REGION + 2 * BLOCK, 9));
            assertThat(rig.source.bytesRead.get()).isEqualTo(2 * REGION);
            assertThat(rig.read(0, REGION - BLOCK)).isEqualTo(rig.sourceBytes(0, REGION - BLOCK));
            assertThat(rig.read(REGION - BLOCK, REGION + 2 * BLOCK)).isEqualTo(filled(REGION + 2 * BLOCK, 9));
            assertThat(rig.read(2 * REGION + BLOCK, REGION - BLOCK))
                    .isEqualTo(rig.sourceBytes(2 * REGION + BLOCK, REGION - BLOCK));
            assertThat(rig.hydrated()).isEqualTo(3);
        }
    }

    @Test
    void unmappedRangesReadZeroWhetherTheyWereLocalOrNot() {
        try (Rig rig = new Rig(directory, Rig.source())) {
            rig.read(0, REGION);
            rig.device.unmap(0, 2 * REGION + BLOCK);
            assertThat(rig.read(0, 2 * REGION + BLOCK)).isEqualTo(new byte[2 * REGION + BLOCK]);
            assertThat(rig.read(2 * REGION + BLOCK, BLOCK)).isEqualTo(rig.sourceBytes(2 * REGION + BLOCK, BLOCK));
        }
    }

    @Test
    void transientTroubleOfTheSourceNeverReachesTheWorkload() {
        try (Rig rig = new Rig(directory, Rig.source())) {
            AtomicInteger failures = new AtomicInteger(5);
            rig.source.beforeRead((offset, length) -> {
                if (failures.getAndDecrement() > 0) {
                    throw FakeSource.gone();
                }
            });
            assertThat(rig.read(0, REGION)).isEqualTo(rig.sourceBytes(0, REGION));
            assertThat(rig.device.sourceTrouble()).isNull();
        }
    }

    @Test
    void aLastingFailureOfTheSourceReachesOnlyWhoNeedsThatRegion() throws Exception {
        try (Rig rig = new Rig(directory, Rig.source())) {
            rig.source.beforeRead((offset, length) -> {
                if (offset == 4 * REGION) {
                    throw new BlockDeviceException("unreadable", false);
                }
            });
            rig.hydrate();
            Rig.await("all but one region", () -> rig.hydrated() == REGIONS - 1);
            assertThatThrownBy(() -> rig.read(4 * REGION, BLOCK)).hasMessage("unreadable");
            assertThat(rig.device.sourceTrouble()).isEqualTo("unreadable");
            rig.source.beforeRead((offset, length) -> {});
            rig.hydrateAll();
            assertThat(rig.device.verify().mismatchedRegions()).isZero();
        }
    }

    @Test
    void closingEndsCallsThatWaitForTheSource() throws Exception {
        Rig rig = new Rig(directory, Rig.source());
        rig.source.beforeRead((offset, length) -> {
            throw FakeSource.gone();
        });
        AtomicInteger ended = new AtomicInteger();
        Thread reader = Thread.ofVirtual().start(() -> {
            assertThatThrownBy(() -> rig.read(0, BLOCK)).hasMessageContaining("closed");
            ended.incrementAndGet();
        });
        Rig.await("the read is waiting", () -> rig.source.asked.get() > 1);
        rig.device.close();
        reader.join();
        assertThat(ended).hasValue(1);
    }

    @Test
    void anInterruptWhileWaitingForTheSourceEndsTheCallAndHarmsNothing() throws Exception {
        try (Rig rig = new Rig(directory, Rig.source())) {
            rig.source.beforeRead((offset, length) -> {
                throw FakeSource.gone();
            });
            Thread writer = Thread.ofVirtual()
                    .start(() -> assertThatThrownBy(() -> rig.write(0, filled(BLOCK, 1)))
                            .isInstanceOfSatisfying(
                                    BlockDeviceException.class,
                                    e -> assertThat(e.transientFailure()).isTrue()));
            Rig.await("the write is waiting", () -> rig.source.asked.get() > 1);
            writer.interrupt();
            writer.join();
            rig.source.beforeRead((offset, length) -> {});
            rig.hydrateAll();
            assertThat(rig.read(0, SIZE)).isEqualTo(rig.source.content);
            rig.device.flush();
        }
    }

    @Test
    void localDisksAndMigrationsThatAreNotItsOwnAreRefused() throws Exception {
        try (Rig rig = new Rig(directory, Rig.source())) {
            rig.write(0, filled(REGION, 5));
        }
        byte[] metadata = Files.readAllBytes(directory.resolve("vol-1.clone"));
        Path file = directory.resolve("vol-1.clone");
        FakeSource larger = FakeSource.random(2 * SIZE, BLOCK, 1);
        assertThatThrownBy(() -> CloneDevice.open(
                        new CloneFiles(file, Rig.BINDING, "boot-1"),
                        new MemoryDisk(2 * SIZE, BLOCK),
                        larger,
                        Rig.OPTIONS))
                .isInstanceOf(CloneMetadataException.class);
        for (CloneBinding other : new CloneBinding[] {
            new CloneBinding(Rig.BINDING.migration(), 4, "vol-1"),
            new CloneBinding(Rig.BINDING.migration(), 3, "vol-2"),
            new CloneBinding(new io.sluice.agent.api.MigrationId("m-2"), 3, "vol-1")
        }) {
            assertThatThrownBy(() -> CloneDevice.open(
                            new CloneFiles(file, other, "boot-1"),
                            new MemoryDisk(SIZE, BLOCK),
                            Rig.source(),
                            Rig.OPTIONS))
                    .isInstanceOf(CloneMetadataException.class)
                    .hasMessageContaining("discard the other migration first");
        }
        assertThatThrownBy(() -> CloneDevice.open(
                        new CloneFiles(file, Rig.BINDING, "boot-1"), new MemoryDisk(SIZE, BLOCK), larger, Rig.OPTIONS))
                .isInstanceOf(CloneMetadataException.class)
                .hasMessageContaining("must agree");
        assertThat(Files.readAllBytes(file)).isEqualTo(metadata);
    }

    @Test
    void extentsAreThoseOfTheLocalDiskWhereItHasThem() {
        FakeSource source = Rig.source().hole(0, 2 * REGION);
        try (Rig rig = new Rig(directory, source)) {
            rig.device.markHoles();
            rig.write(0, filled(BLOCK, 1));
            assertThat(rig.device.extentAt(0).lengthBytes()).isEqualTo(BLOCK);
            assertThat(rig.device.extentAt(BLOCK).allocated()).isFalse();
            assertThat(rig.device.extentAt(BLOCK).end()).isEqualTo(2 * REGION);
            assertThat(rig.device.extentAt(2 * REGION).allocated()).isTrue();
            assertThat(rig.device.extentAt(2 * REGION).end()).isEqualTo(SIZE);
        }
    }
}
