package io.sluice.agent.clone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.reconcile.HostActionException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What asks a source that falls silent ends in time, and holds up nothing else. */
@Timeout(60)
class SilentSourceTest {
    /** Many times what an answer takes on a busy machine. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir
    private Path directory;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);

    @AfterEach
    void sourcesAnswerAtLast() {
        answered.countDown();
    }

    /** From now on a question waits until the test is over, or lets it go on. */
    private void silent() {
        asked.countDown();
        try {
            answered.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private KernelRig rig(Duration answerWithin) throws IOException {
        KernelRig rig = new KernelRig(directory);
        rig.answerWithin = answerWithin;
        rig.restart();
        return rig;
    }

    private static void raise(KernelRig rig) {
        rig.clones.attach(rig.order());
        rig.clones.raise(rig.order());
    }

    private static HostActionException failure(ThrowingCallable action) {
        return Objects.requireNonNull(catchThrowableOfType(HostActionException.class, action));
    }

    /** What it throws is what the action threw. */
    private static void ended(CompletableFuture<Void> action) throws Throwable {
        try {
            action.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw Objects.requireNonNull(e.getCause());
        }
    }

    private static void assertThatItNamesTheSource(HostActionException failure) {
        assertThat(failure.code()).isEqualTo("SOURCE_UNREACHABLE");
        assertThat(failure.kind()).isEqualTo(FailureKind.RETRY);
        assertThat(failure).hasMessageContainingAll("vol-1", "iqn.2026-11.io.sluice:export", "10.0.0.1:3260");
    }

    @Test
    void aCloneIsLookedAtAndOrderedWhileItIsVerified() throws Throwable {
        KernelRig rig = rig(Duration.ofSeconds(50));
        raise(rig);
        rig.hydrated(KernelRig.REGIONS, 0, "rw");
        rig.whenAskedForSums = this::silent;
        CompletableFuture<Void> verifying = CompletableFuture.runAsync(() -> rig.clones.verify(KernelRig.VOLUME));
        asked.await();
        CompletableFuture<Void> meanwhile = CompletableFuture.runAsync(() -> {
            rig.clones.hydrate(KernelRig.VOLUME, HydrationOrder.UNLIMITED);
            rig.hydrated(KernelRig.REGIONS, 0, "ro");
            rig.seconds(1);
        });
        ended(meanwhile);
        assertThat(Objects.requireNonNull(rig.clones.observe().getFirst().problem())
                        .code())
                .isEqualTo("CLONE_METADATA_READ_ONLY");
        assertThat(verifying).isNotDone();
        answered.countDown();
        ended(verifying);
        assertThat(rig.clones.observe().getFirst().verification()).isNotNull();
    }

    @Test
    void aVerificationEndsWhenItsSourceFallsSilent() throws Exception {
        KernelRig rig = rig(SHORT);
        raise(rig);
        rig.hydrated(KernelRig.REGIONS, 0, "rw");
        rig.whenAskedForSums = this::silent;
        assertThatItNamesTheSource(failure(() -> rig.clones.verify(KernelRig.VOLUME)));
        assertThat(rig.clones.observe().getFirst().verification()).isNull();
        rig.whenAskedForSums = () -> {};
        rig.clones.verify(KernelRig.VOLUME);
        assertThat(rig.clones.observe().getFirst().verification()).isNotNull();
    }

    @Test
    void aCloneThatIsDroppedIsNoLongerVerified() throws Throwable {
        KernelRig rig = rig(Duration.ofSeconds(50));
        raise(rig);
        rig.hydrated(KernelRig.REGIONS, 0, "rw");
        rig.whenAskedForSums = this::silent;
        CompletableFuture<Void> verifying = CompletableFuture.runAsync(() -> rig.clones.verify(KernelRig.VOLUME));
        asked.await();
        Thread dropping = Thread.ofPlatform().start(() -> rig.clones.drop(KernelRig.VOLUME));
        KernelRig.awaitThat(() -> dropping.getState() == Thread.State.WAITING);
        assertThat(rig.mapper.devices()).as("used by the verification").contains(KernelRig.ERA);
        answered.countDown();
        assertThat(failure(() -> ended(verifying)).code()).isEqualTo("CLONE_MISSING");
        dropping.join();
        rig.assertThatNothingIsLeft();
    }

    @Test
    void nothingIsDiscardedWhenMarkingWasGivenUp() throws Exception {
        KernelRig rig = rig(SHORT);
        rig.clones.attach(rig.order());
        rig.whenAskedForExtents = this::silent;
        assertThatItNamesTheSource(failure(() -> rig.clones.raise(rig.order())));
        rig.whenAskedForExtents = () -> {};
        rig.clones.raise(rig.order());
        assertThat(rig.media).filteredOn(line -> line.startsWith("discard")).hasSize(1);
        answered.countDown();
        rig.hydrated(KernelRig.REGIONS, 0, "rw");
        rig.clones.verify(KernelRig.VOLUME);
        rig.clones.drop(KernelRig.VOLUME);
        assertThat(rig.media).filteredOn(line -> line.startsWith("discard")).hasSize(1);
        rig.assertThatNothingIsLeft();
    }

    @Test
    void aCloneThatIsDroppedWhileItsHolesAreMarkedMarksNoMore() throws Throwable {
        KernelRig rig = rig(Duration.ofSeconds(50));
        rig.holes.set(10, 12);
        rig.clones.attach(rig.order());
        rig.whenDiscarding = this::silent;
        CompletableFuture<Void> raising = CompletableFuture.runAsync(() -> rig.clones.raise(rig.order()));
        asked.await();
        Thread dropping = Thread.ofPlatform().start(() -> rig.clones.drop(KernelRig.VOLUME));
        KernelRig.awaitThat(() -> dropping.getState() == Thread.State.WAITING);
        answered.countDown();
        assertThat(failure(() -> ended(raising)).code()).isEqualTo("CLONE_MISSING");
        dropping.join();
        assertThat(rig.media).filteredOn(line -> line.startsWith("discard")).hasSize(1);
        rig.assertThatNothingIsLeft();
    }

    @Test
    void aSessionThatComesTooLateIsEnded() throws Exception {
        KernelRig rig = rig(SHORT);
        rig.whenOpened = this::silent;
        assertThatItNamesTheSource(failure(() -> rig.clones.attach(rig.order())));
        rig.whenOpened = () -> {};
        answered.countDown();
        KernelRig.awaitThat(() -> rig.closedSessions.get() == 1);
        assertThat(rig.openSessions).hasValue(0);
    }

    @Test
    void anotherDiskIsRefusedForGood() throws Exception {
        KernelRig rig = rig(Duration.ofSeconds(15));
        rig.serial = "another";
        HostActionException refused = failure(() -> rig.clones.attach(rig.order()));
        assertThat(refused.code()).isEqualTo("IDENTITY_MISMATCH");
        assertThat(refused.kind()).isEqualTo(FailureKind.ABORT);
        assertThat(rig.openSessions).hasValue(0);
    }
}
