package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class QuietTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    @Test
    void whereNothingHappensItIsQuiet() throws InterruptedException {
        new Quiet(LONG).await(LONG);
    }

    @Test
    void anActionThatNeverEndsIsWaitedForNoLongerThanTheLimit() throws InterruptedException {
        Quiet quiet = new Quiet(Duration.ofMillis(1));
        quiet.begins();
        long began = System.nanoTime();
        quiet.await(Duration.ofMillis(50));
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(50_000_000L);
    }

    @Test
    void itIsQuietOnlySomeTimeAfterTheLastAction() throws InterruptedException {
        Quiet quiet = new Quiet(Duration.ofMillis(80));
        quiet.begins();
        quiet.begins();
        quiet.ends();
        quiet.ends();
        long began = System.nanoTime();
        quiet.await(LONG);
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(70_000_000L);
    }

    @Test
    void whoeverWaitsIsToldWhenAnActionEnds() throws InterruptedException {
        Quiet quiet = new Quiet(Duration.ZERO);
        quiet.begins();
        Thread.ofVirtual().start(quiet::ends);
        quiet.await(LONG);
    }
}
