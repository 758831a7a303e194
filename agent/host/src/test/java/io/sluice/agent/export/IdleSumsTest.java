package io.sluice.agent.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.block.ChecksummedDisk;
import io.sluice.iscsi.block.MemoryDisk;
import java.nio.ByteBuffer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IdleSumsTest {
    private static final int REGION = 65536;

    private final MemoryDisk memory = new MemoryDisk(8 * REGION, 512);
    private final ChecksummedDisk disk = new ChecksummedDisk(memory, REGION);
    private final IdleSums sums = new IdleSums(disk);

    private void frozen() {
        memory.write(0, ByteBuffer.wrap(new byte[8 * REGION]));
        disk.restart();
    }

    private long known() {
        return LongStream.range(0, 8).filter(disk::known).count();
    }

    @Test
    void nothingIsReadBesideAReader() {
        frozen();
        for (int i = 0; i < 5; i++) {
            disk.read(0, ByteBuffer.allocate(512));
            assertThat(sums.step()).isTrue();
        }
        assertThat(known()).isZero();
    }

    @Test
    void whatNobodyReadIsSummedOnceNobodyReads() {
        frozen();
        sums.step();
        assertThat(sums.step()).isFalse();
        assertThat(known()).isEqualTo(8);
    }

    @Test
    void aDiskWhoseContentMayChangeHasNoSums() {
        sums.step();
        assertThat(sums.step()).isFalse();
        assertThat(known()).isZero();
    }
}
