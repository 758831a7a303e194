package io.sluice.iscsi.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AllocationMapTest {
    private static final long SIZE = 100;

    private static Extent data(long offset, long length) {
        return new Extent(offset, length, true);
    }

    private static List<Extent> walk(AllocationMap map) {
        List<Extent> extents = new ArrayList<>();
        for (long at = 0; at < SIZE; at = extents.getLast().end()) {
            extents.add(map.extentAt(at, SIZE));
        }
        return extents;
    }

    @Test
    void nothingAllocatedIsOneHole() {
        assertThat(walk(AllocationMap.of(List.of()))).containsExactly(new Extent(0, SIZE, false));
    }

    @Test
    void runsThatTouchOrOverlapAreOne() {
        AllocationMap map =
                AllocationMap.of(List.of(data(40, 10), data(10, 10), data(20, 5), data(45, 20), data(50, 2)));

        assertThat(walk(map))
                .containsExactly(
                        new Extent(0, 10, false),
                        data(10, 15),
                        new Extent(25, 15, false),
                        data(40, 25),
                        new Extent(65, 35, false));
        assertThat(map.allocatedBytes()).isEqualTo(40);
    }

    @Test
    void aRunIsToldFromItsMiddle() {
        AllocationMap map = AllocationMap.of(List.of(data(10, 10)));

        assertThat(map.extentAt(13, SIZE)).isEqualTo(data(13, 7));
        assertThat(map.extentAt(3, SIZE)).isEqualTo(new Extent(3, 7, false));
    }

    @Test
    void whatIsMappedBeyondTheDiskIsCutOff() {
        assertThat(walk(AllocationMap.of(List.of(data(90, 64)))))
                .containsExactly(new Extent(0, 90, false), data(90, 10));
    }
}
