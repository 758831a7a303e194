package io.sluice.agent.clone.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.HydrationPaceReport;
import io.sluice.agent.clone.pace.GuestThrottle;
import io.sluice.agent.command.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workload's control group is a directory with a file here; the kernel's own goes with the group, as it does when the test says so. */
class CgroupThrottlesTest {
    private static final String DISK = "sluice-vol-1";

    @TempDir
    Path directory;

    private Path group;
    private @Nullable Path found;
    private final CgroupThrottles throttles = new CgroupThrottles(volume -> found);

    @BeforeEach
    void aWorkload() throws IOException {
        group = directory.resolve("group");
        started();
    }

    private void started() throws IOException {
        Files.createDirectories(group);
        Files.writeString(group.resolve("io.max"), "");
        found = group;
    }

    private String limits() throws IOException {
        return Files.readString(group.resolve("io.max")).strip();
    }

    @Test
    void aLimitIsWrittenOnceAndAgainWhereTheGroupIsNew() throws IOException {
        GuestThrottle throttle = new GuestThrottle(50, 4096);
        assertThat(throttles.limit(KernelRig.VOLUME, "253:7", throttle)).isTrue();
        assertThat(limits()).isEqualTo("253:7 rbps=4096 wbps=4096 riops=50 wiops=50");
        FileTime longAgo = FileTime.fromMillis(0);
        Files.setLastModifiedTime(group.resolve("io.max"), longAgo);
        assertThat(throttles.limit(KernelRig.VOLUME, "253:7", throttle)).isTrue();
        assertThat(Files.getLastModifiedTime(group.resolve("io.max"))).isEqualTo(longAgo);
        started();
        assertThat(throttles.limit(KernelRig.VOLUME, "253:7", throttle)).isTrue();
        assertThat(limits()).isEqualTo("253:7 rbps=4096 wbps=4096 riops=50 wiops=50");
    }

    @Test
    void aGroupThatIsNotThereIsNotInThatState() throws IOException {
        found = null;
        assertThat(throttles.limit(KernelRig.VOLUME, "253:7", null)).isFalse();
        found = directory.resolve("gone");
        assertThat(throttles.limit(KernelRig.VOLUME, "253:7", new GuestThrottle(50, 4096)))
                .isFalse();
    }

    @Test
    void whatIsFreeStaysAsItIs() throws IOException {
        Files.writeString(group.resolve("io.max"), "253:70 rbps=1 wbps=1 riops=1 wiops=1\n");
        assertThat(throttles.limit(KernelRig.VOLUME, "253:7", null)).isTrue();
        assertThat(limits()).startsWith("253:70 ");
        Files.writeString(group.resolve("io.max"), "253:7 rbps=1 wbps=max riops=max wiops=max\n");
        assertThat(throttles.limit(KernelRig.VOLUME, "253:7", null)).isTrue();
        assertThat(limits()).isEqualTo("253:7 rbps=max wbps=max riops=max wiops=max");
    }

    /** Down to the least that a workload is left: the limit stays the same from now on. */
    private KernelRig throttled() throws IOException {
        KernelRig rig = new KernelRig(Files.createDirectory(directory.resolve("host")));
        rig.throttling = throttles;
        rig.restart();
        rig.clones.attach(rig.order());
        rig.clones.raise(rig.order());
        rig.mapper.addDisk("dm-93", "252:3", Path.of("/dev/vg/other"));
        rig.commands.run(Command.capturing(
                Duration.ofSeconds(1),
                "dmsetup",
                "create",
                DISK,
                "--uuid",
                "x",
                "--table",
                "0 2048 linear /dev/vg/other 0"));
        rig.clones.hydrate(
                KernelRig.VOLUME,
                HydrationOrder.UNLIMITED.until(rig.now.plusSeconds(20).getEpochSecond()));
        String before = "";
        for (int second = 0; second < 100 && (before.isEmpty() || !before.equals(limits())); second++) {
            before = limits();
            for (int more = 0; more < 5; more++) {
                rig.busySecond();
            }
        }
        assertThat(pace(rig).guestThrottled()).isTrue();
        assertThat(limits()).startsWith(rig.mapper.number(DISK) + " rbps=");
        return rig;
    }

    private static HydrationPaceReport pace(KernelRig rig) {
        return Objects.requireNonNull(
                Objects.requireNonNull(rig.clones.observe().getFirst().hydration())
                        .pace());
    }

    @Test
    void aThrottledWorkloadThatIsStartedAnewIsThrottledAgain() throws IOException {
        KernelRig rig = throttled();
        started();
        assertThat(limits()).isEmpty();
        rig.busySecond();
        assertThat(pace(rig).guestThrottled()).isTrue();
        assertThat(limits()).startsWith(rig.mapper.number(DISK) + " rbps=");
    }

    @Test
    void aWorkloadThatIsGoneIsNotSaidToBeThrottled() throws IOException {
        KernelRig rig = throttled();
        found = null;
        rig.busySecond();
        assertThat(pace(rig).guestThrottled()).isFalse();
    }

    @Test
    void aWorkloadThatIsNotFoundWhenItIsToBeFreeIsFreedWhenItIs() throws IOException {
        KernelRig rig = throttled();
        rig.hydrated(KernelRig.REGIONS, 0, "rw");
        found = null;
        rig.seconds(1);
        assertThat(limits()).doesNotContain("rbps=max");
        found = group;
        rig.seconds(1);
        assertThat(limits()).endsWith(" rbps=max wbps=max riops=max wiops=max");
    }
}
