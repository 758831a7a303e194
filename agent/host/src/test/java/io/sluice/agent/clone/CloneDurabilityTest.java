package io.sluice.agent.clone;

import static io.sluice.agent.clone.Rig.BLOCK;
import static io.sluice.agent.clone.Rig.REGION;
import static io.sluice.agent.clone.Rig.REGIONS;
import static io.sluice.agent.clone.Rig.SIZE;
import static io.sluice.agent.clone.Rig.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.VerificationReport;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.block.MemoryDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a clone device still knows after its process ended. */
@Timeout(60)
class CloneDurabilityTest {
    @TempDir
    Path directory;

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
}
