package io.sluice.agent.clone.pace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegionSizeTest {
    private static final long GIB = 1L << 30;

    @ParameterizedTest
    @CsvSource({"1, 65536", "16, 65536", "17, 131072", "32, 131072", "256, 1048576", "1024, 1048576", "131072, 2097152"
    })
    void regionsGrowWithTheVolume(long gibibytes, int regionBytes) {
        assertThat(RegionSize.choose(gibibytes * GIB, null)).isEqualTo(regionBytes);
    }

    @Test
    void whatThePolicyAsksForIsTakenWhereItCanBeHad() {
        assertThat(RegionSize.choose(GIB, 512 << 10)).isEqualTo(512 << 10);
        assertThat(RegionSize.choose(1L << 50, 64 << 10)).isEqualTo(16 << 20);
        assertThat(RegionSize.usable(64 << 10)).isTrue();
        assertThat(RegionSize.usable(4096)).isFalse();
        assertThat(RegionSize.usable(100_000)).isFalse();
    }

    /** 4 KiB × (ceil(regions ÷ 32576) + 24), twice, at least 1 MiB. */
    @Test
    void metadataIsGivenRoomTwiceOver() {
        assertThat(RegionSize.cloneMetadataBytes(GIB, 64 << 10)).isEqualTo(1 << 20);
        assertThat(RegionSize.cloneMetadataBytes(1L << 50, 1 << 20)).isEqualTo(2 * 4096 * (32962L + 24));
        assertThat(RegionSize.eraMetadataBytes(GIB, 64 << 10)).isEqualTo(4 << 20);
        assertThat(RegionSize.eraMetadataBytes(1L << 40, 1 << 20)).isGreaterThan(16L << 20);
    }
}
