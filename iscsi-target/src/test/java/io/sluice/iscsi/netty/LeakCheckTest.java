package io.sluice.iscsi.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class LeakCheckTest {

    @Test
    void aBufferThatNobodyReleasesIsFound() {
        assertThat(LeakCheck.leaksNow()).isEmpty();
        forget();
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (LeakCheck.leaksNow().isEmpty() && System.nanoTime() < end) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        assertThat(LeakCheck.leaksNow()).hasSize(1);
        LeakCheck.leaksNow().clear();
    }

    private static void forget() {
        ByteBuf forgotten = ByteBufAllocator.DEFAULT.buffer(16);
        forgotten.writeByte(1);
    }
}
