package io.sluice.iscsi.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChecksummedDiskTest {

    private static final int REGION = 65536;
    /** The last region is half a one. */
    private static final int SIZE = 10 * REGION + REGION / 2;

    private final MemoryDisk memory = new MemoryDisk(SIZE, 512);
    private final byte[] content = new byte[SIZE];
    private final ChecksummedDisk disk = new ChecksummedDisk(memory, REGION);

    @BeforeEach
    void fill() {
        new Random(7).nextBytes(content);
        memory.write(0, ByteBuffer.wrap(content));
    }

    private int expected(int region) {
        CRC32C crc = new CRC32C();
        crc.update(content, region * REGION, Math.min(REGION, SIZE - region * REGION));
        return (int) crc.getValue();
    }

    private ByteBuffer read(long offset, int length) {
        ByteBuffer into = ByteBuffer.allocateDirect(length + 100).position(50).limit(50 + length);
        disk.read(offset, into);
        return into;
    }

    @Test
    void knowsWhatItGaveOutWholeAndNothingElse() {
        read(REGION - 512, 2 * REGION + 512);
        assertThat(disk.given(0)).isNull();
        assertThat(disk.given(1)).isEqualTo(expected(1));
        assertThat(disk.given(2)).isEqualTo(expected(2));
        assertThat(disk.given(3)).isNull();
    }

    @Test
    void sumsAreMadeAheadOfWhatIsAllocatedAndNotKnown() {
        memory.unmap(3 * REGION, 4 * REGION + 512);
        assertThat(disk.sumNext(0)).as("while the content may change").isEqualTo(-1);
        disk.restart();
        read(REGION, REGION);
        long next = 0;
        int made = 0;
        while (next >= 0) {
            next = disk.sumNext(next);
            made += next >= 0 ? 1 : 0;
        }
        assertThat(made).isEqualTo(6);
        assertThat(disk.given(0)).isEqualTo(expected(0));
        assertThat(disk.given(4)).isNull();
        assertThat(disk.given(7)).isNotNull();
        assertThat(disk.given(10)).isEqualTo(expected(10));
    }

    @Test
    void theLastRegionMayBeShorter() {
        read(10 * REGION, REGION / 2);
        assertThat(disk.regions()).isEqualTo(11);
        assertThat(disk.given(10)).isEqualTo(expected(10));
    }

    @Test
    void givesTheContentAsItIs() {
        ByteBuffer into = read(512, 3 * REGION);
        assertThat(into.hasRemaining()).isFalse();
        assertThat(into.flip().position(50)).isEqualTo(ByteBuffer.wrap(content, 512, 3 * REGION));
    }

    @Test
    void whatWasNotGivenOutIsReadWhenAsked() {
        for (int region = 0; region < disk.regions(); region++) {
            assertThat(disk.checksum(region)).isEqualTo(expected(region));
        }
        assertThat(disk.given(0)).as("reading for a sum is not giving out").isNull();
    }

    @Test
    void aSumIsOfWhatWasGivenOutEvenWhenTheDiskRotsAfterwards() {
        read(0, REGION);
        int before = disk.checksum(0);
        memory.write(0, ByteBuffer.allocate(512));
        assertThat(disk.checksum(0)).isEqualTo(before);
    }

    @Test
    void aRestartForgetsAlsoWhatIsBeingRead() {
        ChecksummedDisk[] itself = new ChecksummedDisk[1];
        ChecksummedDisk restarted = new ChecksummedDisk(
                new ForwardingDisk(memory) {
                    @Override
                    public void read(long offset, ByteBuffer into) {
                        super.read(offset, into);
                        itself[0].restart();
                    }
                },
                REGION);
        itself[0] = restarted;
        restarted.read(0, ByteBuffer.allocate(REGION));
        assertThat(restarted.given(0)).isNull();
    }

    @Test
    void nothingIsWritten() {
        assertThatThrownBy(() -> disk.write(0, ByteBuffer.allocate(512))).isInstanceOf(BlockDeviceException.class);
        assertThatThrownBy(() -> disk.unmap(0, 512)).isInstanceOf(BlockDeviceException.class);
        assertThat(disk.readOnly()).isTrue();
    }

    @Test
    void regionsAreWholeBlocks() {
        assertThatThrownBy(() -> new ChecksummedDisk(memory, 1000)).hasMessageContaining("1000");
    }
}
