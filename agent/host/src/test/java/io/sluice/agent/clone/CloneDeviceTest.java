package io.sluice.agent.clone;

import static io.sluice.agent.clone.Rig.BLOCK;
import static io.sluice.agent.clone.Rig.REGION;
import static io.sluice.agent.clone.Rig.REGIONS;
import static io.sluice.agent.clone.Rig.SIZE;
import static io.sluice.agent.clone.Rig.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.VerificationReport;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.MemoryDisk;
import io.sluice.iscsi.initiator.RegionSums;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
    void hydrationIsOffUntilOrderedThenCopiesEverythingAndSaysSoAtOnce() throws Exception {
        try (Rig rig = new Rig(directory, Rig.source())) {
            assertThat(rig.device.progress()).isEqualTo(new HydrationReport(REGION, REGIONS, 0, 0, 0, 0, 0, 0, false));
            rig.hydrateAll();
            HydrationReport done = rig.device.progress();
            assertThat(done.complete()).isTrue();
            assertThat(done.copiedBytes()).isEqualTo(SIZE);
            byte[] local = new byte[SIZE];
            rig.local.read(0, ByteBuffer.wrap(local));
            assertThat(local).isEqualTo(rig.source.content);
        }
    }

    @Test
    void holesAreMarkedOnceAndNeverRead() throws Exception {
        FakeSource source = Rig.source().hole(3 * REGION + BLOCK, 10 * REGION - BLOCK);
        try (Rig rig = new Rig(directory, source)) {
            rig.device.markHoles();
            assertThat(rig.device.progress().skippedBytes()).isEqualTo(5 * REGION);
            assertThat(source.asked.get()).isZero();
            rig.reopen();
            source.beforeRead((offset, length) -> {
                throw new AssertionError("asked again");
            });
            rig.device.markHoles();
            source.beforeRead((offset, length) -> {});
            rig.hydrateAll();
            assertThat(source.bytesRead.get()).isEqualTo(11 * REGION);
            assertThat(rig.read(0, SIZE)).isEqualTo(source.content);
            assertThat(rig.device.verify()).isEqualTo(new VerificationReport(11, 0, 5, 0));
        }
    }

    @Test
    void aHoleThatReachesTheEndAndAVolumeThatIsAllHoleAreMarkedWhole() {
        try (Rig rig = new Rig(directory, new FakeSource(new byte[SIZE], BLOCK))) {
            AtomicInteger told = new AtomicInteger();
            rig.device.whenComplete(told::incrementAndGet);
            rig.device.markHoles();
            assertThat(rig.device.progress().complete()).isTrue();
            assertThat(told).hasValue(1);
        }
    }

    @Test
    void regionsThatAreZeroAreNotAllocatedLocally() throws Exception {
        FakeSource source = Rig.source().hole(REGION, 2 * REGION);
        try (Rig rig = new Rig(directory, source)) {
            rig.hydrateAll();
            assertThat(rig.local.extentAt(REGION).allocated()).isFalse();
            assertThat(rig.device.verify()).isEqualTo(new VerificationReport(REGIONS, 0, 0, 0));
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
    void pausingStopsTheBackgroundButNotTheWorkload() throws Exception {
        try (Rig rig = new Rig(directory, Rig.source())) {
            rig.device.hydrate(new HydrationOrder(null, true));
            assertThat(rig.read(0, REGION)).isEqualTo(rig.sourceBytes(0, REGION));
            assertThat(rig.hydrated()).isEqualTo(1);
            assertThat(rig.device.progress().running()).isFalse();
            rig.hydrateAll();
        }
    }

    @Test
    void theRateHoldsBackTheBackgroundUntilItIsRaised() throws Exception {
        try (Rig rig = new Rig(directory, Rig.source())) {
            rig.device.hydrate(new HydrationOrder(1L, false));
            Rig.await("the burst", () -> rig.hydrated() >= 1);
            assertThat(rig.hydrated()).isLessThan(REGIONS);
            assertThat(rig.device.progress().running()).isTrue();
            rig.hydrateAll();
        }
    }

    @Test
    void whatWasHydratedAndWrittenIsKnownAfterReopening() throws Exception {
        try (Rig rig = new Rig(directory, Rig.source())) {
            rig.write(0, filled(REGION, 1));
            rig.read(REGION, 2 * REGION);
            rig.write(REGION, filled(BLOCK, 2));
            HydrationReport before = rig.device.progress();
            rig.reopen();
            assertThat(rig.device.progress()).isEqualTo(before);
            rig.hydrateAll();
            assertThat(rig.device.verify()).isEqualTo(new VerificationReport(REGIONS - 2, 2, 0, 0));
            assertThat(rig.read(0, REGION)).isEqualTo(filled(REGION, 1));
        }
    }

    /** What arrived is what lies here, but it is not what the source gave out: only its own word shows that. */
    @Test
    void aRegionThatTheSourceSummedDifferentlyIsAMismatchAndAWrittenOneIsNot() throws Exception {
        try (Rig rig = new Rig(directory, Rig.source())) {
            rig.hydrateAll();
            rig.write(3 * REGION, filled(BLOCK, 9));
            byte[] sent = rig.read(0, REGIONS * REGION);
            sent[2 * REGION + 17]++;
            sent[3 * REGION + 17]++;
            VerificationReport verified = rig.device.verify(first -> {
                List<Integer> sums = new ArrayList<>();
                for (int i = 0; i < REGIONS - (int) first; i++) {
                    CRC32C crc = new CRC32C();
                    crc.update(sent, (int) (first + i) * REGION, REGION);
                    sums.add((int) crc.getValue());
                }
                return new RegionSums(REGION, first, sums);
            });
            assertThat(verified).isEqualTo(new VerificationReport(REGIONS - 2, 1, 0, 1));
        }
    }

    @Test
    void aByteThatChangedBehindItsBackIsFoundByVerifying() throws Exception {
        try (Rig rig = new Rig(directory, Rig.source())) {
            rig.hydrateAll();
            rig.local.write(6 * REGION, ByteBuffer.wrap(filled(BLOCK, 0)));
            assertThat(rig.device.verify()).isEqualTo(new VerificationReport(REGIONS - 1, 0, 0, 1));
        }
    }

    @Test
    void itSettlesOnlyWhenEveryRegionIsLocal() throws Exception {
        try (Rig rig = new Rig(directory, Rig.source())) {
            rig.read(0, REGION);
            assertThatThrownBy(() -> rig.device.settle())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("1 of 16");
            rig.hydrateAll();
            rig.device.settle();
            rig.device.close();
            CloneFiles.delete(rig.files.metadata());
            assertThat(rig.files.exist()).isFalse();
            byte[] local = new byte[SIZE];
            rig.local.read(0, ByteBuffer.wrap(local));
            assertThat(local).isEqualTo(rig.source.content);
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
    void afterAFailedFlushNothingMoreIsAcknowledged() {
        GatedDisk local = new GatedDisk(new MemoryDisk(SIZE, BLOCK));
        Rig rig = new Rig(directory, Rig.source(), local);
        rig.write(0, filled(REGION, 5));
        local.beforeFlush(() -> {
            throw new BlockDeviceException("medium error", false);
        });
        assertThatThrownBy(() -> rig.device.flush()).hasMessage("medium error");
        local.beforeFlush(() -> {});
        assertThatThrownBy(() -> rig.device.flush()).hasMessageContaining("later ones cannot be trusted");
        assertThatThrownBy(rig::close).hasMessageContaining("later ones cannot be trusted");
        try (CloneDevice again = CloneDevice.open(rig.files, local, rig.source, Rig.OPTIONS)) {
            assertThat(again.progress().hydratedRegions()).isZero();
        }
    }

    /** A process that is killed closes nothing: the device is left as it is, and another opened on the same files. */
    @Test
    void whatWasWrittenAndNotFlushedOutlivesTheProcessButNotTheBoot() throws Exception {
        try (Rig killed = new Rig(directory, Rig.source())) {
            killed.write(0, filled(REGION, 5));
            killed.write(REGION + BLOCK, filled(BLOCK, 6));
            try (CloneDevice next = CloneDevice.open(killed.files, killed.local, killed.source, Rig.OPTIONS)) {
                assertThat(next.progress().hydratedRegions()).isEqualTo(2);
                assertThat(next.progress().writtenBytes()).isEqualTo(REGION);
                byte[] seen = new byte[2 * REGION];
                next.read(0, ByteBuffer.wrap(seen));
                assertThat(Arrays.copyOf(seen, REGION)).isEqualTo(filled(REGION, 5));
                assertThat(Arrays.copyOfRange(seen, REGION + BLOCK, REGION + 2 * BLOCK))
                        .isEqualTo(filled(BLOCK, 6));
            }
        }
        CloneFiles otherBoot = new CloneFiles(directory.resolve("vol-2.clone"), Rig.BINDING, "boot-1");
        try (CloneDevice cut = CloneDevice.open(otherBoot, new MemoryDisk(SIZE, BLOCK), Rig.source(), Rig.OPTIONS)) {
            cut.write(0, ByteBuffer.wrap(filled(REGION, 5)));
            CloneFiles rebooted = new CloneFiles(otherBoot.metadata(), Rig.BINDING, "boot-2");
            try (CloneDevice next =
                    CloneDevice.open(rebooted, new MemoryDisk(SIZE, BLOCK), Rig.source(), Rig.OPTIONS)) {
                assertThat(next.progress().hydratedRegions()).isZero();
            }
        }
    }

    @Test
    void writesAreFlushedOneByOneWhileTheWarmMapCannotBeWritten() throws Exception {
        try (Rig rig = new Rig(directory, Rig.source())) {
            rig.write(0, filled(REGION, 5));
        }
        GatedDisk local = new GatedDisk(new MemoryDisk(SIZE, BLOCK));
        AtomicInteger flushes = new AtomicInteger();
        local.beforeFlush(flushes::incrementAndGet);
        MetadataFile file = MetadataFile.open(FileMedium.open(directory.resolve("vol-1.clone")));
        WarmMap warm = WarmMap.open(new FullMedium(), "boot-1", file.header().identity(), REGIONS);
        try (CloneDevice device =
                CloneDevice.open(file, warm, local, Rig.source(), Rig.OPTIONS.withCommitEvery(Duration.ofHours(1)))) {
            device.write(2 * REGION, ByteBuffer.wrap(filled(REGION, 5)));
            assertThat(flushes.get()).isEqualTo(1);
            device.unmap(2 * REGION, REGION);
            assertThat(flushes.get()).isEqualTo(2);
        }
    }

    /** Takes what makes a warm map and no entry after that. */
    private static final class FullMedium implements Medium {
        private int left = 3;

        @Override
        public boolean read(long offset, ByteBuffer into) {
            return false;
        }

        @Override
        public void write(long offset, ByteBuffer from) {
            if (left-- <= 0) {
                throw new BlockDeviceException("no space left", false);
            }
        }

        @Override
        public void force() {}

        @Override
        public void close() {}
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
