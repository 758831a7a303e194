package io.sluice.agent.clone.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a simulated dm-clone whose background copy starves under guest I/O, as the real one's does. */
class HydrationControllerTest {
    private static final HydrationPolicy POLICY = HydrationPolicy.DEFAULTS;
    private static final long GIB = 1L << 30;
    private static final long MIB = 1L << 20;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void anIdleGuestsVolumeIsCopiedAtTheSpeedOfItsSource(long seed) {
        Run run = new Run(POLICY, seed, 10 * GIB, 0);
        run.seconds(30);
        assertThat(run.rates.subList(2, 30)).allSatisfy(rate -> assertThat(rate).isGreaterThan(90_000_000L));
        assertThat(run.paces).allSatisfy(pace -> assertThat(pace.throttle()).isNull());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 32})
    void stockSettingsNeverFinishUnderABusyGuestAndTheseDoByTheDeadline(int depth) {
        Duration deadline = POLICY.allowed(4 * GIB);
        SimulatedClone stock = new SimulatedClone(depth, 4 * GIB, depth);
        HydrationPace settings = new HydrationPace(1, 1, null, "stock", HydrationPace.START.memory());
        for (long second = 0; second < deadline.toSeconds(); second++) {
            stock.second(settings);
        }
        assertThat(stock.leftBytes).isGreaterThan(3 * GIB);

        Run run = new Run(POLICY, depth, 4 * GIB, depth);
        run.untilDone(deadline);
        assertThat(run.clone.leftBytes).as("left at the deadline").isZero();
    }

    @Test
    void aBusyGuestThatLeavesEnoughGapsIsNotThrottled() {
        Run run = new Run(POLICY, 7, 4 * GIB, 1);
        run.untilDone(POLICY.allowed(4 * GIB));
        assertThat(run.clone.leftBytes).isZero();
        assertThat(run.paces).allSatisfy(pace -> assertThat(pace.throttle()).isNull());
        assertThat(run.paces).anySatisfy(pace -> assertThat(pace.words()).contains("raised to"));
    }

    @Test
    void aGuestIsThrottledOnlyAsTheDeadlineComesNearAndTheWordsSaySo() {
        Run run = new Run(POLICY, 8, 4 * GIB, 8);
        Duration deadline = POLICY.allowed(4 * GIB);
        run.seconds(60);
        assertThat(run.paces).allSatisfy(pace -> assertThat(pace.throttle()).isNull());
        run.untilDone(deadline.minusSeconds(60));
        assertThat(run.clone.leftBytes).isZero();
        assertThat(run.paces)
                .anySatisfy(pace -> assertThat(pace.words())
                        .startsWith("the guest is throttled to")
                        .contains("can be copied within"));
    }

    @Test
    void aPolicyWithoutThrottleIsKeptWhateverTheDeadline() {
        HydrationPolicy never = new HydrationPolicy(4 * MIB, 64 * MIB, 16 * MIB, Duration.ofMinutes(10), null, null);
        Run run = new Run(never, 9, 4 * GIB, 32);
        run.untilDone(Duration.ofMinutes(15));
        assertThat(run.clone.leftBytes).isPositive();
        assertThat(run.paces).allSatisfy(pace -> assertThat(pace.throttle()).isNull());
    }

    @Test
    void theGuestKeepsWhatThePolicyLeavesItAndTheWordsAdmitThatItMayBeLate() {
        GuestThrottle least = new GuestThrottle(31_000, 100 * MIB);
        HydrationPolicy generous = new HydrationPolicy(4 * MIB, 64 * MIB, 16 * MIB, Duration.ofMinutes(2), least, null);
        Run run = new Run(generous, 10, 4 * GIB, 32);
        run.untilDone(generous.allowed(4 * GIB));
        assertThat(run.paces).allSatisfy(pace -> {
            if (pace.throttle() != null) {
                assertThat(pace.throttle().operations()).isGreaterThanOrEqualTo(31_000);
                assertThat(pace.throttle().bytes()).isGreaterThanOrEqualTo(100 * MIB);
            }
        });
        assertThat(run.paces.getLast().words()).contains("the deadline may be missed");
    }

    @Test
    void aGuestIsNotHeldBackForWhatACeilingHoldsBack() {
        HydrationController controller = new HydrationController(POLICY);
        HydrationPace pace = HydrationPace.START;
        for (int tick = 0; tick < 600; tick++) {
            pace = controller.next(
                    pace,
                    new HydrationSample(
                            SimulatedClone.REGION,
                            SimulatedClone.ROUND_TRIP,
                            new HydrationSample.Seen(MIB, 1, new GuestLoad(1000, MIB), true),
                            new HydrationSample.Goal(100 * GIB, Duration.ZERO, Duration.ofHours(1), MIB)));
            assertThat(pace.throttle()).isNull();
            assertThat(pace.threshold()).isEqualTo(1);
            assertThat(pace.words()).startsWith("kept to 1024 KiB each second");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 4, 8, 32})
    void nothingOscillates(int depth) {
        Run run = new Run(POLICY, depth, 1000 * GIB, depth);
        run.seconds(4 * 3600);
        assertThat(reversals(run.paces.stream().map(p -> (long) p.threshold()).toList()))
                .as("changes of the threshold's direction in four hours")
                .isLessThanOrEqualTo(24);
        assertThat(reversals(run.paces.stream()
                        .map(p -> p.throttle() == null
                                ? Long.MAX_VALUE
                                : p.throttle().operations())
                        .toList()))
                .as("changes of the throttle's direction in four hours")
                .isLessThanOrEqualTo(24);
    }

    /** Whatever is seen: no run of the device, but arbitrary numbers. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noSightLeadsOutOfTheBounds(long seed) {
        Random random = new Random(seed);
        HydrationController controller = new HydrationController(POLICY);
        HydrationPace pace = HydrationPace.START;
        for (int tick = 0; tick < 5000; tick++) {
            int region = 1 << (16 + random.nextInt(5));
            Long limit = random.nextBoolean() ? null : 1 + random.nextLong(1L << 31);
            HydrationSample sample = new HydrationSample(
                    region,
                    Duration.ofNanos(random.nextLong(200_000_000)),
                    new HydrationSample.Seen(
                            random.nextLong(1L << random.nextInt(1, 34)),
                            random.nextInt(2000),
                            new GuestLoad(random.nextInt(100_000), random.nextLong(1L << 32)),
                            random.nextBoolean()),
                    new HydrationSample.Goal(
                            random.nextLong(1L << 42),
                            random.nextBoolean() ? null : Duration.ofMillis(random.nextLong(10_000_000)),
                            Duration.ofHours(1),
                            limit));
            pace = controller.next(pace, sample);
            assertThat(pace.threshold()).isBetween(1, 1024);
            assertThat((long) pace.threshold() * region)
                    .isLessThanOrEqualTo(Math.max(region, POLICY.mostInFlightBytes()));
            assertThat(pace.batch()).isBetween(1, Math.max(1, pace.threshold()));
            assertThat(pace.words()).isNotBlank();
            GuestThrottle throttle = pace.throttle();
            if (throttle != null) {
                GuestThrottle least = Objects.requireNonNull(POLICY.leastGuest());
                assertThat(throttle.operations()).isGreaterThanOrEqualTo(least.operations());
                assertThat(throttle.bytes()).isGreaterThanOrEqualTo(least.bytes());
                assertThat(pace.words()).contains("throttled to " + throttle.operations());
            }
        }
    }

    private static int reversals(List<Long> values) {
        int reversals = 0;
        int direction = 0;
        for (int i = 1; i < values.size(); i++) {
            int step = Long.compare(values.get(i), values.get(i - 1));
            if (step != 0 && direction != 0 && step != direction) {
                reversals++;
            }
            direction = step == 0 ? direction : step;
        }
        return reversals;
    }

    /** The controller at the simulated device, a tick a second. */
    private static final class Run {
        final SimulatedClone clone;
        final List<HydrationPace> paces = new ArrayList<>();
        final List<Long> rates = new ArrayList<>();
        private final HydrationController controller;
        private final Duration allowed;
        private HydrationPace pace = HydrationPace.START;

        Run(HydrationPolicy policy, long seed, long sizeBytes, int depth) {
            this.clone = new SimulatedClone(seed, sizeBytes, depth);
            this.controller = new HydrationController(policy);
            this.allowed = policy.allowed(sizeBytes);
        }

        void seconds(int seconds) {
            for (int i = 0; i < seconds; i++) {
                clone.second(pace);
                Duration left = allowed.minusSeconds(paces.size());
                pace = controller.next(
                        pace,
                        new HydrationSample(
                                SimulatedClone.REGION,
                                SimulatedClone.ROUND_TRIP,
                                new HydrationSample.Seen(clone.copiedBytes, clone.inFlight(), clone.guest, false),
                                new HydrationSample.Goal(clone.leftBytes, left, allowed, null)));
                paces.add(pace);
                rates.add(clone.copiedBytes);
            }
        }

        void untilDone(Duration limit) {
            for (long second = 0; second < limit.toSeconds() && clone.leftBytes > 0; second++) {
                seconds(1);
            }
        }
    }
}
