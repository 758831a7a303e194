package io.sluice.agent.clone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.MissingBytes;
import io.sluice.agent.api.MissingBytes.Range;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.clone.MissingRanges;
import io.sluice.iscsi.block.BlockDeviceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;
import java.util.Objects;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * On metadata that Linux 6.1 wrote: a clone of 4 GiB in regions of 64 KiB, of which 0, 100-163, 32575-32576, 40000-40999, 65152-65154
 * and 65535 were local; 32576 of them fill one of its blocks of bits.
 */
class LocalRegionsTest {
    private static final int REGION = 65536;
    private static final long SIZE = 4L << 30;
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    private byte[] metadata = {};
    private int reads;

    @BeforeEach
    void unpack() throws IOException {
        try (InputStream packed =
                Objects.requireNonNull(LocalRegionsTest.class.getResourceAsStream("dm-clone-metadata.gz"))) {
            metadata = new GZIPInputStream(packed).readAllBytes();
        }
    }

    private static CloneRecord record(long sizeBytes) {
        return new CloneRecord(
                new MigrationId("m-1"),
                1,
                new VolumeId("vol-1"),
                sizeBytes,
                512,
                REGION,
                "vg",
                "/dev/vg/vol-1",
                true,
                null,
                null,
                null);
    }

    /** The metadata as a disk; {@code before} is run ahead of each read. */
    private Media.Uncached disk(Runnable before) {
        return new Media.Uncached() {
            @Override
            public void read(long offset, ByteBuffer into) {
                before.run();
                reads++;
                into.put(metadata, Math.toIntExact(offset), into.remaining());
            }

            @Override
            public void close() {}
        };
    }

    private BitSet read() {
        return LocalRegions.read(disk(() -> {}), record(SIZE));
    }

    private static BitSet expected() {
        BitSet local = new BitSet();
        local.set(0);
        local.set(100, 164);
        local.set(32575, 32577);
        local.set(40000, 41000);
        local.set(65152, 65155);
        local.set(65535);
        return local;
    }

    @Test
    void whatTheKernelWroteIsReadRegionByRegion() {
        assertThat(read()).isEqualTo(expected());
    }

    @Test
    void whatIsMissingIsNamedInBytesOfTheVolume() {
        MissingBytes missing = Objects.requireNonNull(MissingRanges.of(read(), SIZE, REGION));
        assertThat(missing.bytes()).isEqualTo((65536L - 1071) * REGION);
        assertThat(missing.ranges())
                .startsWith(new Range(REGION, 99L * REGION), new Range(164L * REGION, (32575L - 164) * REGION))
                .hasSize(5);
        assertThat(missing.furtherRanges()).isZero();
    }

    @Test
    void aCommitBetweenTwoReadsMakesItBeReadAgain() {
        int[] commits = {1};
        BitSet found = LocalRegions.read(
                disk(() -> {
                    if (reads == 3 && commits[0]-- > 0) {
                        // a block that the new state does not use any more, and a superblock that was not there before
                        metadata[4096 * 40]++;
                        metadata[16]++;
                        sign();
                    }
                }),
                record(SIZE));
        assertThat(found).isEqualTo(expected());
        assertThat(reads).isGreaterThan(6);
    }

    @Test
    void metadataThatChangeAllTheTimeAreGivenUp() {
        assertThatThrownBy(() -> LocalRegions.read(
                        disk(() -> {
                            metadata[16]++;
                            sign();
                        }),
                        record(SIZE)))
                .isInstanceOf(BlockDeviceException.class)
                .hasMessageContaining("changes faster than it can be read");
    }

    /** The superblock's checksum, as the kernel makes it. */
    private void sign() {
        CRC32C sum = new CRC32C();
        sum.update(metadata, 4, 4092);
        ByteBuffer.wrap(metadata).order(ByteOrder.LITTLE_ENDIAN).putInt(0, ~(int) sum.getValue() ^ 257649492);
    }

    @Test
    void whatIsNotWholeOrNotThisClonesIsRefused() {
        assertThatThrownBy(() -> LocalRegions.read(disk(() -> {}), record(SIZE / 2)))
                .isInstanceOf(BlockDeviceException.class)
                .hasMessageContaining("no metadata of dm-clone for volume vol-1");
        metadata[200]++;
        assertThatThrownBy(this::read).hasMessageContaining("no whole SUPERBLOCK");
        metadata = new byte[metadata.length];
        assertThatThrownBy(this::read).isInstanceOf(BlockDeviceException.class);
    }

    @Test
    void onlyASourceThatHasBeenAwayForAWhileMakesItBeToldAndSeldom() {
        FakeMetadata media = new FakeMetadata();
        MissingWatch watch = new MissingWatch(media);
        assertThat(watch.look(record(SIZE), source(true, 100), NOW)).isNull();
        assertThat(watch.look(record(SIZE), source(false, 14), NOW)).isNull();
        assertThat(watch.look(record(SIZE), null, NOW)).isNull();
        assertThat(media.opened).isZero();
        assertThat(watch.look(record(SIZE), source(false, 15), NOW)).isNotNull();
        assertThat(watch.look(record(SIZE), source(false, 44), NOW.plusSeconds(29)))
                .isNotNull();
        assertThat(media.opened).isEqualTo(1);
        assertThat(watch.look(record(SIZE), source(false, 46), NOW.plusSeconds(31)))
                .isNotNull();
        assertThat(media.opened).isEqualTo(2);
        assertThat(watch.look(record(SIZE), source(true, 1), NOW.plusSeconds(32)))
                .isNull();
    }

    private static @Nullable AttachmentReport source(boolean connected, long seconds) {
        return new AttachmentReport("iqn.x", new Portal("127.0.0.1", 3260), connected, seconds);
    }

    private final class FakeMetadata implements Media {
        private int opened;

        @Override
        public Uncached uncached(Path device) {
            assertThat(device).hasToString("/dev/vg/sluice-vol-1.meta");
            opened++;
            return disk(() -> {});
        }

        @Override
        public void zeroHead(Path device, int bytes) {
            throw new AssertionError();
        }

        @Override
        public Discarding discarding(Path device) {
            throw new AssertionError();
        }

        @Override
        public void flush(Path device) {
            throw new AssertionError();
        }
    }
}
