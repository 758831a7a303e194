package io.sluice.agent.clone;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.clone.SourceSums.Comparison;
import io.sluice.iscsi.block.BlockDeviceException;
import io.sluice.iscsi.initiator.RegionSums;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SourceSumsTest {
    private static final int PIECE = 4096;
    private static final int SIZE = 21 * PIECE + 512;

    private final byte[] content = new byte[SIZE];
    private int asked;

    SourceSumsTest() {
        new Random(3).nextBytes(content);
    }

    /** Tells at most five pieces at once. */
    private @Nullable RegionSums tell(long first) {
        asked++;
        int count = (int) Math.min(5, 22 - first);
        List<Integer> sums = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int at = (int) (first + i) * PIECE;
            CRC32C crc = new CRC32C();
            crc.update(content, at, Math.min(PIECE, SIZE - at));
            sums.add((int) crc.getValue());
        }
        return new RegionSums(PIECE, first, sums);
    }

    private ByteBuffer local(int offset, int length) {
        return ByteBuffer.wrap(Arrays.copyOfRange(content, offset, Math.min(SIZE, offset + length)));
    }

    @Test
    void aWholeVolumeIsTheSameUpToItsShorterEnd() {
        SourceSums sums = new SourceSums(this::tell, SIZE);
        for (int at = 0; at < SIZE; at += 4 * PIECE) {
            assertThat(sums.compare(at, local(at, 4 * PIECE))).isEqualTo(Comparison.SAME);
        }
        assertThat(asked).as("runs of five cover 22 pieces").isEqualTo(5);
    }

    @Test
    void oneByteMakesADifferenceWhereverItIs() {
        Random random = new Random(5);
        for (int i = 0; i < 50; i++) {
            ByteBuffer region = local(4 * PIECE, 8 * PIECE);
            int at = random.nextInt(region.limit());
            region.put(at, (byte) (region.get(at) + 1));
            assertThat(new SourceSums(this::tell, SIZE).compare(4 * PIECE, region))
                    .isEqualTo(Comparison.DIFFERENT);
        }
    }

    @Test
    void partsOfPiecesCannotBeCompared() {
        SourceSums sums = new SourceSums(this::tell, SIZE);
        assertThat(sums.compare(0, local(0, PIECE / 2))).isEqualTo(Comparison.UNKNOWN);
        assertThat(sums.compare(512, local(512, PIECE))).isEqualTo(Comparison.UNKNOWN);
    }

    @Test
    void aSourceThatTellsNothingIsAskedOnce() {
        SourceSums sums = new SourceSums(
                piece -> {
                    asked++;
                    return null;
                },
                SIZE);
        assertThat(sums.compare(0, local(0, PIECE))).isEqualTo(Comparison.UNKNOWN);
        assertThat(sums.compare(PIECE, local(PIECE, PIECE))).isEqualTo(Comparison.UNKNOWN);
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void aSourceThatIsAwayCountsAsSilentWhereThatWillDo() {
        SourceSums sums = new SourceSums(
                piece -> {
                    asked++;
                    throw new BlockDeviceException("away", true);
                },
                SIZE);
        assertThat(sums.compareIfHeard(0, local(0, PIECE))).isEqualTo(Comparison.UNKNOWN);
        assertThat(sums.compareIfHeard(PIECE, local(PIECE, PIECE))).isEqualTo(Comparison.UNKNOWN);
        assertThat(asked).isEqualTo(1);
    }
}
