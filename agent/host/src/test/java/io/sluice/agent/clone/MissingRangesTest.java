package io.sluice.agent.clone;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.MissingBytes;
import io.sluice.agent.api.MissingBytes.Range;
import java.util.BitSet;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MissingRangesTest {
    private static final int REGION = 65536;

    private static BitSet everyOther(int regions) {
        BitSet local = new BitSet();
        for (int region = 0; region < regions; region += 2) {
            local.set(region);
        }
        return local;
    }

    @Test
    void ofManyRangesTheFirstAreNamedAndTheLastEndsWithTheVolume() {
        long size = 40L * REGION - 512;
        MissingBytes missing = Objects.requireNonNull(MissingRanges.of(everyOther(40), size, REGION));
        assertThat(missing.ranges()).hasSize(16).startsWith(new Range(REGION, REGION));
        assertThat(missing.furtherRanges()).isEqualTo(4);
        assertThat(missing.bytes()).isEqualTo(20L * REGION - 512);
        assertThat(MissingRanges.all(everyOther(40), size, REGION))
                .hasSize(20)
                .startsWith(missing.ranges().toArray(Range[]::new))
                .endsWith(new Range(39L * REGION, REGION - 512));
    }

    @Test
    void neighboursAreOneRangeAndNothingMissingIsTold() {
        assertThat(MissingRanges.all(new BitSet(), 3L * REGION, REGION)).containsExactly(new Range(0, 3L * REGION));
        BitSet every = new BitSet();
        every.set(0, 3);
        assertThat(MissingRanges.all(every, 3L * REGION, REGION)).isEmpty();
        assertThat(MissingRanges.of(every, 3L * REGION, REGION)).isNull();
    }
}
