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
import io.sluice.iscsi.initiator.RegionSums;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copying in the background, up to the comparison and the end. */
@Timeout(60)
class CloneHydrationTest {
    @TempDir
    Path directory;

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
}
