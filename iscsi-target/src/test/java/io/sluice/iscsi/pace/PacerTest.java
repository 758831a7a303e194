package io.sluice.iscsi.pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The waiting itself, on real threads. */
@Timeout(60)
class PacerTest {

    private static final long MIB = 1 << 20;

    private final Pacer pacer = new Pacer();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @AfterEach
    void close() {
        pacer.close();
        threads.close();
    }

    @Test
    void withoutACeilingNothingWaits() {
        Pacer.Flow flow = pacer.share(Rate.UNLIMITED).flow();
        assertThat(flow.free()).isTrue();
        assertThat(flow.pass(1L << 40)).isTrue();
        pacer.change(Rate.ofBytes(MIB));
        assertThat(flow.free()).isFalse();
    }

    @Test
    void requestsOfManyThreadsKeepTheRate() throws Exception {
        Pacer.Share share = pacer.share(Rate.ofBytes(64 * MIB));
        LongAdder bytes = new LongAdder();
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            Pacer.Flow flow = share.flow();
            running.add(threads.submit(() -> {
                while (!over.get() && flow.pass(64 << 10)) {
                    bytes.add(64 << 10);
                }
            }));
        }
        long start = System.nanoTime();
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(2)) {
            Thread.sleep(10);
        }
        long moved = bytes.sum();
        double seconds = (System.nanoTime() - start) / 1e9;
        over.set(true);
        pacer.close();
        for (Future<?> future : running) {
            future.get();
        }
        // How exact it is, FairQueueTest tells on a clock of its own; a busy machine may be slower here, never faster.
        assertThat(moved / seconds).isBetween(0.5 * 64 * MIB, 1.1 * 64 * MIB);
    }

    @Test
    void aRateThatIsLiftedLetsWaitingOnesGo() throws Exception {
        Pacer.Share share = pacer.share(Rate.ofBytes(1L));
        Pacer.Flow flow = share.flow();
        assertThat(flow.pass(MIB)).isTrue(); // leaves a debt of days
        Future<Boolean> waiting = threads.submit(() -> flow.pass(1));
        share.change(Rate.UNLIMITED);
        assertThat(waiting.get()).isTrue();
    }

    @Test
    void theCeilingOfAllHoldsBackAnExportWithoutOne() throws Exception {
        Pacer.Flow flow = pacer.share(Rate.UNLIMITED).flow();
        pacer.change(Rate.ofBytes(1L));
        assertThat(flow.pass(MIB)).isTrue();
        Future<Boolean> waiting = threads.submit(() -> flow.pass(1));
        assertThat(waiting.isDone()).isFalse();
        pacer.change(Rate.UNLIMITED);
        assertThat(waiting.get()).isTrue();
    }

    @Test
    void aFlowThatEndsSendsItsRequestsAway() throws Exception {
        Pacer.Flow flow = pacer.share(Rate.ofBytes(1L)).flow();
        assertThat(flow.pass(MIB)).isTrue();
        Future<Boolean> waiting = threads.submit(() -> flow.pass(1));
        flow.end();
        assertThat(waiting.get()).isFalse();
        assertThat(flow.pass(1)).isFalse();
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThatThrownBy(() -> new Rate(0L, null)).hasMessageContaining("0 bytes/s");
        assertThatThrownBy(() -> new Rate(null, -1L)).hasMessageContaining("-1 operations/s");
    }
}
