package io.sluice.iscsi.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rates and fairness on a clock that the test moves: a dispatcher that wakes when it was told to, or late. */
class FairQueueTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long MIB = 1 << 20;
    private static final Percentage FIVE = Percentage.withPercentage(5);

    private final Budget total = new Budget(Rate.UNLIMITED, 0);
    private final FairQueue queue = new FairQueue(total);
    private final List<Client> clients = new ArrayList<>();
    private long lateness;
    private long now;

    /** Always has so many requests of one size waiting. */
    private final class Client {
        final FairQueue.Waiting flow;
        final long size;
        final int depth;
        final List<FairQueue.Request> waiting = new ArrayList<>();
        long bytes;
        long operations;

        Client(Budget share, long size, int depth) {
            flow = new FairQueue.Waiting(share);
            this.size = size;
            this.depth = depth;
            clients.add(this);
            ask();
        }

        void ask() {
            while (waiting.size() < depth) {
                waiting.add(queue.add(flow, size));
            }
        }

        boolean took(FairQueue.Request request) {
            boolean own = waiting.remove(request);
            if (own) {
                bytes += size;
                operations++;
                ask();
            }
            return own;
        }

        void forget() {
            bytes = 0;
            operations = 0;
        }
    }

    private void run(long nanos) {
        clients.forEach(Client::forget);
        long end = now + nanos;
        while (true) {
            for (FairQueue.Request next = queue.next(now); next != null; next = queue.next(now)) {
                FairQueue.Request passed = next;
                assertThat(clients.stream().filter(client -> client.took(passed)))
                        .hasSize(1);
            }
            long wait = queue.nanosToNext();
            assertThat(wait).as("something waits, and cannot go now").isBetween(1L, 3600 * SECOND);
            if (now + wait + lateness >= end) {
                now = end;
                return;
            }
            now += wait + lateness;
        }
    }

    private Budget share(@Nullable Long bytes, @Nullable Long operations) {
        return new Budget(new Rate(bytes, operations), now);
    }

    @Test
    void everySecondHoldsTheRateOfBytesWithinFivePercent() {
        Client client = new Client(share(20 * MIB, null), 256 << 10, 8);
        for (int second = 0; second < 20; second++) {
            run(SECOND);
            assertThat(client.bytes).isCloseTo(20 * MIB, FIVE);
        }
    }

    @Test
    void everySecondHoldsTheRateOfOperationsWithinFivePercent() {
        Client client = new Client(share(null, 500L), 4096, 32);
        for (int second = 0; second < 20; second++) {
            run(SECOND);
            assertThat(client.operations).isCloseTo(500, FIVE);
        }
    }

    @Test
    void aDispatcherThatIsLateLosesNothing() {
        lateness = 20_000_000;
        Client client = new Client(share(20 * MIB, null), 64 << 10, 8);
        for (int second = 0; second < 20; second++) {
            run(SECOND);
            assertThat(client.bytes).isCloseTo(20 * MIB, FIVE);
        }
    }

    @Test
    void aChangedRateHoldsFromTheNextSecond() {
        Budget share = share(10 * MIB, null);
        Client client = new Client(share, 64 << 10, 8);
        run(SECOND);
        assertThat(client.bytes).isCloseTo(10 * MIB, FIVE);
        share.change(Rate.ofBytes(40 * MIB), now);
        run(SECOND);
        assertThat(client.bytes).isCloseTo(40 * MIB, FIVE);
        share.change(Rate.ofBytes(5 * MIB), now);
        run(SECOND);
        assertThat(client.bytes).isCloseTo(5 * MIB, FIVE);
    }

    @Test
    void whicheverOfTheTwoRatesIsUsedUpFirstHolds() {
        Client small = new Client(share(20 * MIB, 1000L), 4096, 8);
        Client large = new Client(share(20 * MIB, 1000L), MIB, 8);
        run(4 * SECOND);
        assertThat(small.operations).isCloseTo(4000, FIVE);
        assertThat(large.bytes).isCloseTo(80 * MIB, FIVE);
    }

    @Test
    void sessionsOfOneExportGetEqualBytesWhateverTheirSizesAndDepths() {
        Budget share = share(50 * MIB, null);
        Client small = new Client(share, 4096, 1);
        Client middle = new Client(share, 64 << 10, 128);
        Client large = new Client(share, 4 * MIB, 4);
        run(10 * SECOND);
        for (Client client : List.of(small, middle, large)) {
            assertThat(client.bytes).isCloseTo(500 * MIB / 3, FIVE);
        }
    }

    @Test
    void sessionsGetEqualOperationsBelowACeilingOfOperations() {
        Budget share = share(null, 300L);
        Client small = new Client(share, 4096, 64);
        Client large = new Client(share, MIB, 2);
        run(10 * SECOND);
        assertThat(small.operations).isCloseTo(1500, FIVE);
        assertThat(large.operations).isCloseTo(1500, FIVE);
    }

    @Test
    void theCeilingOfAllIsSharedAndWhatOneMayNotUseGoesToTheOthers() {
        total.change(Rate.ofBytes(60 * MIB), now);
        Client capped = new Client(share(6 * MIB, null), 64 << 10, 16);
        Client one = new Client(share(null, null), 64 << 10, 16);
        Client other = new Client(share(null, null), MIB, 16);
        run(10 * SECOND);
        assertThat(capped.bytes).isCloseTo(60 * MIB, FIVE);
        assertThat(one.bytes).isCloseTo(270 * MIB, FIVE);
        assertThat(other.bytes).isCloseTo(270 * MIB, FIVE);
    }

    @Test
    void aSessionThatWasIdleIsOwedNothing() {
        Budget share = share(20 * MIB, null);
        Client busy = new Client(share, 64 << 10, 16);
        run(10 * SECOND);
        Client late = new Client(share, 64 << 10, 16);
        run(SECOND);
        assertThat(late.bytes).isCloseTo(10 * MIB, FIVE);
        assertThat(busy.bytes).isCloseTo(10 * MIB, FIVE);
    }

    @Test
    void anIdleTimeGathersNoMoreThanFivePercentOfASecond() {
        Budget share = share(20 * MIB, null);
        now = 1000 * SECOND;
        Client client = new Client(share, 64 << 10, 16);
        run(SECOND);
        assertThat(client.bytes).isCloseTo(20 * MIB, FIVE);
    }

    @Test
    void oneRequestLargerThanASecondsWorthIsPaidOffAfterwards() {
        Client client = new Client(share(MIB, null), 4 * MIB, 2);
        run(20 * SECOND);
        assertThat(client.operations).isBetween(5L, 6L);
    }

    @Test
    void withoutACeilingAllPassInTheOrderTheyCame() {
        FairQueue.Waiting flow = new FairQueue.Waiting(share(null, null));
        FairQueue.Request first = queue.add(flow, 4096);
        FairQueue.Request second = queue.add(flow, 512);
        assertThat(queue.next(now)).isSameAs(first);
        assertThat(queue.next(now)).isSameAs(second);
        assertThat(queue.next(now)).isNull();
        assertThat(queue.nanosToNext()).isEqualTo(FairQueue.NEVER);
    }

    @Test
    void whatWaitsInAFlowThatEndsIsGivenBackAndLeavesTheTurnToOthers() {
        Budget share = share(MIB, null);
        FairQueue.Waiting ending = new FairQueue.Waiting(share);
        FairQueue.Request left = queue.add(ending, 4096);
        FairQueue.Waiting staying = new FairQueue.Waiting(share);
        FairQueue.Request next = queue.add(staying, 4096);
        assertThat(queue.remove(ending)).containsExactly(left);
        assertThat(queue.next(now)).isSameAs(next);
    }
}
