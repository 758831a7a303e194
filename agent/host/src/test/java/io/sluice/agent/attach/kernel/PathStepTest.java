package io.sluice.agent.attach.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.Portal;
import io.sluice.agent.devicemapper.MultipathStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PathStepTest {
    private static final Session SESSION = session("LOGGED_IN");
    private static final ScsiDisk DISK = disk("running");
    private static final MultipathStatus ON_DISK = new MultipathStatus("8:16", true, 0);

    @Test
    void withAllInOrderThereIsNothingToDo() {
        assertThat(step(SESSION, DISK, ON_DISK)).isInstanceOf(PathStep.Nothing.class);
    }

    @Test
    void aMissingSessionIsLoggedIn() {
        assertThat(step(null, null, ON_DISK)).isInstanceOf(PathStep.LogIn.class);
        assertThat(step(null, null, null)).isInstanceOf(PathStep.LogIn.class);
    }

    @Test
    void aLostSessionIsTheDaemonsToBringBack() {
        assertThat(step(session("FAILED"), disk("transport-offline"), ON_DISK)).isInstanceOf(PathStep.Wait.class);
        assertThat(step(session("FREE"), null, null)).isInstanceOf(PathStep.Wait.class);
    }

    @Test
    void aSessionThatStaysLostIsReasonToSeeThatTheDaemonRuns() {
        Session lost = session("FAILED");
        assertThat(PathStep.next(new PathView(lost, null, ON_DISK, false, PathStep.DAEMON_ALONE.minusNanos(1))))
                .isInstanceOf(PathStep.Wait.class);
        assertThat(PathStep.next(new PathView(lost, null, ON_DISK, false, PathStep.DAEMON_ALONE)))
                .isEqualTo(new PathStep.AskDaemon(lost));
    }

    @Test
    void theDaemonIsLeftAloneFromTheLossOrTheLastQuestionOn() {
        AtomicLong now = new AtomicLong(5);
        Patience patience = new Patience(now::get);
        assertThat(patience.spent(session("LOGGED_IN"))).isZero();
        now.addAndGet(1_000);
        assertThat(patience.spent(session("FAILED"))).isZero();
        now.addAndGet(300);
        assertThat(patience.spent(session("FREE"))).isEqualTo(Duration.ofNanos(300));
        patience.beginAnew();
        now.addAndGet(20);
        assertThat(patience.spent(session("FAILED"))).isEqualTo(Duration.ofNanos(20));
        assertThat(patience.spent(null)).isZero();
        assertThat(patience.spent(session("FAILED"))).isZero();
    }

    @Test
    void aSessionWithoutADiskIsScanned() {
        assertThat(step(SESSION, null, null)).isEqualTo(new PathStep.Scan(SESSION));
    }

    @Test
    void aDiskGivenUpIsRevivedAndABlockedOneIsWaitedFor() {
        ScsiDisk offline = disk("offline");
        assertThat(step(SESSION, offline, ON_DISK)).isEqualTo(new PathStep.Revive(offline));
        assertThat(step(SESSION, disk("blocked"), ON_DISK)).isInstanceOf(PathStep.Wait.class);
    }

    @Test
    void theMapIsMadeOnTheDisk() {
        assertThat(step(SESSION, DISK, null)).isEqualTo(new PathStep.Make(DISK));
    }

    @Test
    void aMapOnAnotherDiskOrOnNoneGetsThisOne() {
        assertThat(step(SESSION, DISK, new MultipathStatus("8:32", true, 0))).isEqualTo(new PathStep.Replace(DISK));
        assertThat(step(SESSION, DISK, new MultipathStatus(null, false, 0))).isEqualTo(new PathStep.Replace(DISK));
    }

    @Test
    void aFailedPathIsReinstatedOnceItsSessionIsBack() {
        MultipathStatus failed = new MultipathStatus("8:16", false, 1);
        assertThat(step(session("FAILED"), disk("transport-offline"), failed)).isInstanceOf(PathStep.Wait.class);
        assertThat(step(SESSION, DISK, failed)).isEqualTo(new PathStep.Reinstate(DISK));
    }

    @Test
    void aMapLeftSuspendedGoesOnFirst() {
        assertThat(PathStep.next(new PathView(null, null, ON_DISK, true, Duration.ZERO)))
                .isInstanceOf(PathStep.Resume.class);
    }

    private static PathStep step(@Nullable Session session, @Nullable ScsiDisk disk, @Nullable MultipathStatus map) {
        return PathStep.next(new PathView(session, disk, map, false, Duration.ZERO));
    }

    private static Session session(String state) {
        return new Session(1, 0, "iqn.t", new Portal("10.0.0.1", 3260), state, Path.of("s"));
    }

    private static ScsiDisk disk(String state) {
        return new ScsiDisk("sdb", "8:16", 1 << 20, 512, "db", state, Path.of("d"));
    }
}
