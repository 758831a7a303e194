package io.sluice.iscsi.block;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryDiskTest extends BlockDeviceContract {
    @Override
    protected BlockDevice device() {
        return new MemoryDisk(SIZE, 512);
    }

    @Test
    void tellsExactlyWhatWasWritten() {
        try (MemoryDisk disk = new MemoryDisk(SIZE, 4096)) {
            write(disk, 8192, random(4096, 1));
            assertThat(extents(disk))
                    .containsExactly(
                            new Extent(0, 8192, false),
                            new Extent(8192, 4096, true),
                            new Extent(12288, SIZE - 12288, false));
        }
    }
}
