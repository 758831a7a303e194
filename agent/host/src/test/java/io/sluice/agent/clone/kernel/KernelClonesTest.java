package io.sluice.agent.clone.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.agent.api.HydrationOrder;
import io.sluice.agent.api.HydrationPaceReport;
import io.sluice.agent.api.HydrationReport;
import io.sluice.agent.api.IncomingStage;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VerificationReport;
import io.sluice.agent.clone.pace.GuestThrottle;
import io.sluice.agent.command.Command;
import io.sluice.agent.reconcile.CloneProblem;
import io.sluice.agent.reconcile.CloneState;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.testing.ScriptedCommands.Died;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KernelClonesTest {
    @TempDir
    private Path directory;

    private KernelRig rig() throws IOException {
        return new KernelRig(directory);
    }

    private static CloneState state(KernelRig rig) {
        return rig.clones.observe().getFirst();
    }

    private static HostActionException failure(ThrowingCallable action) {
        return Objects.requireNonNull(catchThrowableOfType(HostActionException.class, action));
    }

    private static void raise(KernelRig rig) {
        rig.clones.attach(rig.order());
        rig.clones.raise(rig.order());
    }

    @Test
    void aVolumeIsRaisedWithCopyingOffItsHolesMarkedAndWritesOnRecord() throws Exception {
        KernelRig rig = rig();
        rig.clones.attach(rig.order());
        assertThat(state(rig).stage()).isEqualTo(IncomingStage.ATTACHED);
        assertThat(rig.media).containsExactly("zero /dev/vg/sluice-vol-1.meta", "zero /dev/vg/sluice-vol-1.era");
        rig.clones.raise(rig.order());
        assertThat(state(rig).stage()).isEqualTo(IncomingStage.CLONED);
        assertThat(Objects.requireNonNull(rig.mapper.live(KernelRig.CLONE)).line())
                .isEqualTo("0 2048 clone /dev/vg/sluice-vol-1.meta /dev/vg/vol-1 /dev/mapper/sluice-vol-1.source 128"
                        + " 2 no_hydration no_discard_passdown 4 hydration_threshold 1 hydration_batch_size 1");
        assertThat(Objects.requireNonNull(rig.mapper.live(KernelRig.ERA)).line())
                .isEqualTo("0 2048 era /dev/vg/sluice-vol-1.era /dev/mapper/sluice-vol-1.clone 128");
        assertThat(rig.media)
                .endsWith("discard /dev/mapper/sluice-vol-1.clone 4+4", "flush /dev/mapper/sluice-vol-1.clone");
        HydrationReport report = Objects.requireNonNull(state(rig).hydration());
        assertThat(report.skippedBytes()).isEqualTo(4 * KernelRig.REGION);
        assertThat(report.copiedBytes()).isZero();
        assertThat(report.running()).isFalse();
    }

    @Test
    void aWholeLifeLeavesNothing() throws Exception {
        KernelRig rig = rig();
        rig.wholeLife();
        rig.assertThatNothingIsLeft();
        rig.clones.drop(KernelRig.VOLUME);
    }

    enum After {
        THE_AGENT_DIED,
        THE_MACHINE_DIED
    }

    /** The rig sees to it that metadata are never zeroed under a clone, nor holes marked while it copies. */
    @ParameterizedTest
    @EnumSource
    void diedAtAnyCommandItGoesOnToTheEnd(After death) throws Exception {
        KernelRig whole = new KernelRig(Files.createDirectories(directory.resolve("whole")));
        whole.wholeLife();
        int commands = whole.commands.ran().size();
        assertThat(commands).isGreaterThan(20);
        for (int number = 0; number < commands; number++) {
            for (boolean before : List.of(true, false)) {
                KernelRig rig = new KernelRig(Files.createDirectories(directory.resolve(number + "-" + before)));
                if (before) {
                    rig.commands.dieBefore(number);
                } else {
                    rig.commands.dieAfter(number);
                }
                assertThat(catchThrowableOfType(Died.class, rig::wholeLife))
                        .as("command %d", number)
                        .isNotNull();
                rig.commands.live();
                if (death == After.THE_MACHINE_DIED) {
                    rig.reboot();
                } else {
                    rig.restart();
                }
                rig.wholeLife();
                rig.assertThatNothingIsLeft();
            }
        }
    }

    @Test
    void eachActionDoneTwiceIsDoneOnce() throws Exception {
        KernelRig rig = rig();
        raise(rig);
        List<String> media = List.copyOf(rig.media);
        raise(rig);
        rig.restart();
        assertThat(state(rig).stage()).isEqualTo(IncomingStage.CREATED);
        raise(rig);
        assertThat(rig.media).isEqualTo(media);
        assertThat(rig.commands.lines().stream().filter(line -> line.contains(" create ")))
                .as("one clone, one era")
                .hasSize(2);
    }

    @Test
    void afterARebootTheDevicesAreMadeAgainOnTheSameMetadata() throws Exception {
        KernelRig rig = rig();
        raise(rig);
        List<String> media = List.copyOf(rig.media);
        rig.reboot();
        raise(rig);
        assertThat(rig.media).as("nothing zeroed, nothing discarded").isEqualTo(media);
        assertThat(state(rig).stage()).isEqualTo(IncomingStage.CLONED);
        assertThat(rig.commands.lines()).contains("lvchange --activate y vg/sluice-vol-1.meta");
    }

    @Test
    void hydrationIsDrivenEachSecondAndEndsByItself() throws Exception {
        KernelRig rig = rig();
        raise(rig);
        rig.clones.hydrate(KernelRig.VOLUME, HydrationOrder.UNLIMITED);
        assertThat(rig.mapper.messages())
                .contains(
                        "sluice-vol-1.clone: hydration_batch_size 16",
                        "sluice-vol-1.clone: hydration_threshold 64",
                        "sluice-vol-1.clone: enable_hydration");
        rig.hydrated(10, 2, "rw");
        rig.seconds(1);
        HydrationReport report = Objects.requireNonNull(state(rig).hydration());
        assertThat(report.running()).isTrue();
        assertThat(report.copiedBytes()).isEqualTo(6 * KernelRig.REGION);
        assertThat(report.bytesPerSecond()).isPositive();
        assertThat(Objects.requireNonNull(report.pace()).words()).contains("in flight");
        assertThat(rig.clones.isHydrating(KernelRig.VOLUME)).isTrue();
        rig.hydrated(16, 0, "rw");
        assertThat(rig.clones.look(KernelRig.VOLUME)).as("there is news").isTrue();
        assertThat(rig.clones.look(KernelRig.VOLUME)).as("no longer").isFalse();
        assertThat(state(rig).complete()).isTrue();
        assertThat(rig.clones.isHydrating(KernelRig.VOLUME)).isFalse();
    }

    @Test
    void aPausedOrderStopsCopying() throws Exception {
        KernelRig rig = rig();
        raise(rig);
        rig.clones.hydrate(KernelRig.VOLUME, new HydrationOrder(null, true));
        assertThat(rig.mapper.messages()).doesNotContain("sluice-vol-1.clone: enable_hydration");
        assertThat(Objects.requireNonNull(state(rig).hydration()).running()).isFalse();
    }

    @Test
    void aGuestThatMightBeThrottledIsFreeAsSoonAsTheAgentStartsAndWhenTheCloneGoes() throws Exception {
        KernelRig rig = rig();
        raiseWithDisk(rig);
        rig.clones.hydrate(KernelRig.VOLUME, HydrationOrder.UNLIMITED);
        assertThat(rig.throttles).containsExactly(rig.mapper.number("sluice-vol-1") + " null");
        rig.restart();
        raise(rig);
        rig.clones.drop(KernelRig.VOLUME);
        assertThat(rig.throttles).hasSize(2).allMatch(line -> line.endsWith(" null"));
    }

    private static void raiseWithDisk(KernelRig rig) {
        raise(rig);
        rig.mapper.addDisk("dm-93", "252:3", Path.of("/dev/vg/other"));
        rig.commands.run(Command.capturing(
                Duration.ofSeconds(1),
                "dmsetup",
                "create",
                "sluice-vol-1",
                "--uuid",
                "x",
                "--table",
                "0 2048 linear /dev/vg/other 0"));
    }

    @Test
    void aBusyGuestIsThrottledForTheDeadlineOfItsDrainAndFreeWhenTheVolumeIsWhole() throws Exception {
        KernelRig rig = rig();
        raiseWithDisk(rig);
        rig.clones.hydrate(KernelRig.VOLUME, HydrationOrder.UNLIMITED);
        for (int second = 0; second < 30; second++) {
            rig.busySecond();
        }
        assertThat(pace(rig).guestThrottled()).as("within the promised time").isFalse();
        assertThat(pace(rig).words()).contains("behind its pace: raised to 64 MiB in flight");

        rig.clones.hydrate(
                KernelRig.VOLUME,
                HydrationOrder.UNLIMITED.until(rig.now.plusSeconds(20).getEpochSecond()));
        for (int second = 0; second < 10; second++) {
            rig.busySecond();
        }
        assertThat(pace(rig).guestThrottled()).isTrue();
        assertThat(pace(rig).words()).startsWith("the guest is throttled to").contains("within 10 s");
        assertThat(rig.throttles.getLast()).contains("GuestThrottle[operations=");

        rig.hydrated(KernelRig.REGIONS, 0, "rw");
        rig.seconds(1);
        assertThat(rig.throttles.getLast()).as("whole").endsWith(" null");
    }

    private static HydrationPaceReport pace(KernelRig rig) {
        return Objects.requireNonNull(
                Objects.requireNonNull(state(rig).hydration()).pace());
    }

    @ParameterizedTest
    @EnumSource
    void failingMetadataAreToldAndOpenedAgain(Failing failing) throws Exception {
        KernelRig rig = rig();
        raise(rig);
        rig.clones.hydrate(KernelRig.VOLUME, HydrationOrder.UNLIMITED);
        failing.happens(rig);
        rig.commands.forget();
        rig.seconds(1);
        CloneProblem problem = Objects.requireNonNull(state(rig).problem());
        assertThat(problem.code()).isEqualTo(failing.code);
        assertThat(problem.message()).contains("/dev/vg/sluice-vol-1.meta");
        assertThat(rig.commands.lines().stream()
                        .filter(line -> line.contains("suspend") || line.contains(" load ") || line.contains("resume"))
                        .map(line -> line.replaceAll(".* (suspend|load|resume).*", "$1")))
                .containsExactly("suspend", "load", "resume");
        rig.commands.forget();
        rig.seconds(10);
        assertThat(rig.commands.lines()).as("not again at once").noneMatch(line -> line.contains("suspend"));
        rig.hydrated(9, 0, "rw");
        rig.seconds(1);
        assertThat(state(rig).problem()).isNull();
        assertThat(rig.mapper.messages()).endsWith("sluice-vol-1.clone: enable_hydration");
    }

    enum Failing {
        READ_ONLY("CLONE_METADATA_READ_ONLY") {
            @Override
            void happens(KernelRig rig) {
                rig.hydrated(9, 0, "ro");
            }
        },
        ALL("CLONE_METADATA_FAILED") {
            @Override
            void happens(KernelRig rig) {
                rig.mapper.status(KernelRig.CLONE, "clone Fail");
            }
        };

        final String code;

        Failing(String code) {
            this.code = code;
        }

        abstract void happens(KernelRig rig);
    }

    @Test
    void onlyAWholeCloneThatIsOnRecordMayBeReplaced() throws Exception {
        KernelRig rig = rig();
        raise(rig);
        for (Object[] not : new Object[][] {{15, 0, "rw"}, {16, 1, "rw"}, {16, 0, "ro"}}) {
            rig.hydrated((int) not[0], (int) not[1], (String) not[2]);
            assertThat(failure(() -> rig.clones.requireComplete(KernelRig.VOLUME))
                            .code())
                    .isEqualTo("HYDRATION_INCOMPLETE");
        }
        rig.hydrated(16, 0, "rw");
        rig.clones.requireComplete(KernelRig.VOLUME);
    }

    private static VerificationReport verified(KernelRig rig) {
        raise(rig);
        rig.hydrated(KernelRig.REGIONS, 0, "rw");
        rig.clones.verify(KernelRig.VOLUME);
        return Objects.requireNonNull(state(rig).verification());
    }

    @Test
    void aRightCopyVerifies() throws Exception {
        assertThat(verified(rig())).isEqualTo(new VerificationReport(12, 0, 4, 0));
    }

    @Test
    void aSourceWithoutSumsIsReadOnceMore() throws Exception {
        KernelRig rig = rig();
        rig.tellsSums = false;
        rig.local[9 * KernelRig.REGION]++;
        assertThat(verified(rig)).isEqualTo(new VerificationReport(11, 0, 4, 1));
    }

    @Test
    void whatDiffersIsAMismatchUnlessTheWorkloadWroteThere() throws Exception {
        KernelRig rig = rig();
        rig.local[1 * KernelRig.REGION + 5]++; // wrong
        rig.local[5 * KernelRig.REGION + 5]++; // wrong, in a hole
        rig.local[2 * KernelRig.REGION + 5]++; // written
        rig.local[6 * KernelRig.REGION + 5]++; // written, in a hole
        rig.written = "<blocks>\n  <range begin=\"2\" end = \"4\"/>\n  <block block=\"6\"/>\n</blocks>\n";
        assertThat(verified(rig)).isEqualTo(new VerificationReport(9, 3, 2, 2));
        assertThat(rig.mapper.messages())
                .endsWith("sluice-vol-1.era: take_metadata_snap", "sluice-vol-1.era: drop_metadata_snap");
    }

    @Test
    void aListThatIsNoneIsNeverTakenForNothingWritten() throws Exception {
        KernelRig rig = rig();
        rig.written = "metadata contains errors\n";
        assertThat(failure(() -> verified(rig)).code()).isEqualTo("WRITTEN_SET_UNKNOWN");
        assertThat(state(rig).verification()).isNull();
    }

    /** Killed half-way it may leave a device suspended. */
    @Test
    void noChangeOfAMetadataVolumeIsKilledThatMayStillEnd() throws Exception {
        KernelRig rig = rig();
        rig.wholeLife();
        assertThat(rig.commands.ran())
                .filteredOn(command -> List.of("lvcreate", "lvremove")
                        .contains(command.arguments().getFirst()))
                .isNotEmpty()
                .allSatisfy(command -> assertThat(command.limit()).isGreaterThanOrEqualTo(Duration.ofMinutes(5)));
    }

    @Test
    void aKernelWithoutTheTargetsIsRefusedWithARemedy() throws Exception {
        KernelRig rig = rig();
        rig.targets = "linear v1.4.0\n";
        HostActionException refused = failure(() -> rig.clones.attach(rig.order()));
        assertThat(refused.code()).isEqualTo("DM_CLONE_MISSING");
        assertThat(refused).hasMessageContaining("deploy/kernel");
        assertThat(rig.clones.observe()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aSourceThatWasNotMetIsAskedAgainByEachAttempt(After death) throws Exception {
        KernelRig rig = rig();
        rig.loginFails = true;
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThat(failure(() -> rig.clones.attach(rig.order())).code()).isEqualTo("SOURCE_REFUSES");
            assertThat(state(rig).stage()).isEqualTo(IncomingStage.CREATED);
        }
        if (death == After.THE_MACHINE_DIED) {
            rig.reboot();
        } else {
            rig.restart();
        }
        assertThat(failure(() -> rig.clones.attach(rig.order())).code()).isEqualTo("SOURCE_REFUSES");
        rig.loginFails = false;
        rig.wholeLife();
        rig.assertThatNothingIsLeft();
    }

    @Test
    void aCloneThatMayHaveBeenUpIsMadeAgainWithoutItsSource() throws Exception {
        KernelRig rig = rig();
        raise(rig);
        rig.reboot();
        rig.loginFails = true;
        raise(rig);
        assertThat(state(rig).stage()).isEqualTo(IncomingStage.CLONED);
    }

    @Test
    void anotherMigrationsCloneIsNotTakenOver() throws Exception {
        KernelRig rig = rig();
        raise(rig);
        assertThat(failure(() -> rig.clones.attach(rig.order(new MigrationId("m-2"))))
                        .code())
                .isEqualTo("CLONE_OF_ANOTHER_MIGRATION");
    }

    @Test
    void theLinesOfACgroupAreThoseOfTheKernel() {
        assertThat(CgroupThrottles.line("253:7", new GuestThrottle(50, 4096)))
                .isEqualTo("253:7 rbps=4096 wbps=4096 riops=50 wiops=50\n");
        assertThat(CgroupThrottles.line("253:7", null)).isEqualTo("253:7 rbps=max wbps=max riops=max wiops=max\n");
    }
}
