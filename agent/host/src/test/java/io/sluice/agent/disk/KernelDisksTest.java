package io.sluice.agent.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.attach.kernel.KernelAttachments;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.devicemapper.DeviceMapper.Access;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.devicemapper.LinearTable;
import io.sluice.agent.reconcile.DiskBacking;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.agent.reconcile.Disks;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.testing.ScriptedCommands;
import io.sluice.agent.testing.SimulatedInitiator;
import io.sluice.agent.testing.SimulatedInitiator.Served;
import io.sluice.agent.testing.SimulatedMapper;
import io.sluice.agent.volume.VolumeFiles.VolumeFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelDisksTest {
    private static final VolumeId VOLUME = new VolumeId("db");
    private static final String DISK = "sluice-db";
    private static final String ADDRESS = "/dev/mapper/sluice-db";
    private static final long SIZE = 1 << 20;
    private static final Path LOGICAL_VOLUME = Path.of("/dev/vg/sluice-db");

    @TempDir
    Path directory;

    private final ScriptedCommands commands = new ScriptedCommands();
    private final Fronts fronts = new Fronts();
    private final KernelClones clones = new KernelClones();
    private SimulatedMapper mapper;
    private SimulatedInitiator initiator;
    private KernelAttachments attachments;
    private Path volume = LOGICAL_VOLUME;
    private KernelDisks disks;

    @BeforeEach
    void aHost() throws IOException {
        mapper = new SimulatedMapper(directory.resolve("sys"));
        mapper.addDisk("dm-40", "253:40", LOGICAL_VOLUME);
        mapper.addDisk("dm-41", "253:41", Path.of("/dev/vg/meta"));
        initiator = new SimulatedInitiator(directory.resolve("sys"), directory.resolve("nodes"), mapper);
        commands.simulate("dmsetup", mapper::run);
        commands.simulate("iscsiadm", initiator::run);
        Files.writeString(directory.resolve("secret"), "of-the-front");
        startAgent();
    }

    private void startAgent() {
        fronts.served.clear();
        DeviceMapper gateway = new DeviceMapper(commands);
        attachments = new KernelAttachments(
                gateway,
                commands,
                new KernelAttachments.Places(
                        directory.resolve("sys"), directory.resolve("nodes"), directory.resolve("records")));
        disks = new KernelDisks(
                gateway,
                directory.resolve("sys"),
                id -> new VolumeFile(volume, SIZE, 512, true),
                clones,
                new PortalDisks(fronts, attachments, "iqn.2026-11.io.sluice:worker.b"));
    }

    @Test
    void aLogicalVolumeIsServedByADeviceThatLiesOnIt() {
        disks.serve(VOLUME, DiskBacking.PLAIN);
        assertThat(mapper.live(DISK)).isEqualTo(LinearTable.over("/dev/vg/sluice-db", SIZE));
        assertThat(disks.observe()).containsExactly(new DiskState(VOLUME, DiskBacking.PLAIN, ADDRESS, null, null));
        commands.forget();
        disks.serve(VOLUME, DiskBacking.PLAIN);
        assertThat(commands.ran()).isEmpty();
    }

    @Test
    void aDiskOnACloneTakesNoDiscardsUntilItIsSettled() throws IOException {
        raiseClone();
        disks.serve(VOLUME, DiskBacking.CLONE);
        assertThat(disks.observe()).containsExactly(new DiskState(VOLUME, DiskBacking.CLONE, ADDRESS, null, null));
        assertThat(discardLimit()).isEqualTo("0");
        clones.complete = true;
        disks.serve(VOLUME, DiskBacking.PLAIN);
        assertThat(discardLimit()).isNotEqualTo("0");
    }

    @Test
    void anAgentThatDiesAtAnyCommandOfServingACloneLeavesNoDiskThatTakesDiscards() throws IOException {
        raiseClone();
        for (boolean before : new boolean[] {true, false}) {
            commands.forget();
            if (before) {
                commands.dieBefore(0);
            } else {
                commands.dieAfter(0);
            }
            assertThatThrownBy(() -> disks.serve(VOLUME, DiskBacking.CLONE)).isInstanceOf(ScriptedCommands.Died.class);
            commands.live();
            assertThat(mapper.devices().contains(DISK)).isEqualTo(!before);
            if (!before) {
                assertThat(discardLimit()).isEqualTo("0");
            }
        }
    }

    @Test
    void aDiskOnACloneThatTakesDiscardsCountsAsNotServedUntilItIsServedAgain() throws IOException {
        raiseClone();
        disks.serve(VOLUME, DiskBacking.CLONE);
        Files.writeString(limitOf(DISK), "4294966784\n");
        assertThat(disks.observe()).isEmpty();
        startAgent();
        disks.serve(VOLUME, DiskBacking.CLONE);
        assertThat(discardLimit()).isEqualTo("0");
        assertThat(disks.observe()).extracting(DiskState::backing).containsExactly(DiskBacking.CLONE);
    }

    @Test
    void noDiskIsMadeOnACloneWhoseDiscardsCannotBeRefused() throws IOException {
        raiseClone();
        Path limit = limitOf("sluice-db.era");
        Files.delete(limit);
        Files.createDirectory(limit);
        assertThat(codeOf(() -> disks.serve(VOLUME, DiskBacking.CLONE))).isEqualTo("DISCARDS_NOT_REFUSED");
        assertThat(mapper.devices()).doesNotContain(DISK);
        assertThat(disks.observe()).isEmpty();
    }

    @Test
    void aDiskThatComesToLieOnACloneTakesNoDiscardsEither() throws IOException {
        disks.serve(VOLUME, DiskBacking.PLAIN);
        assertThat(discardLimit()).isNotEqualTo("0");
        raiseClone();
        disks.serve(VOLUME, DiskBacking.CLONE);
        assertThat(discardLimit()).isEqualTo("0");
    }

    @Test
    void settlingChecksWhileSuspendedAndKeepsNumberAndOpeners() {
        raiseClone();
        disks.serve(VOLUME, DiskBacking.CLONE);
        String number = mapper.number(DISK);
        mapper.open(DISK);
        clones.complete = true;
        commands.forget();

        disks.serve(VOLUME, DiskBacking.PLAIN);

        assertThat(commands.lines())
                .containsExactly(
                        "dmsetup suspend sluice-db",
                        "dmsetup load sluice-db --table 0 2048 linear /dev/vg/sluice-db 0",
                        "dmsetup resume sluice-db");
        assertThat(clones.suspendedWhenAsked).isTrue();
        assertThat(mapper.number(DISK)).isEqualTo(number);
        assertThat(mapper.live(DISK)).isEqualTo(LinearTable.over("/dev/vg/sluice-db", SIZE));
    }

    @Test
    void aCloneThatIsNotCompleteStaysAndTheWorkloadGoesOn() {
        raiseClone();
        disks.serve(VOLUME, DiskBacking.CLONE);
        assertThat(codeOf(() -> disks.serve(VOLUME, DiskBacking.PLAIN))).isEqualTo("HYDRATION_INCOMPLETE");
        assertThat(mapper.live(DISK)).isEqualTo(LinearTable.over("/dev/mapper/sluice-db.era", SIZE));
        assertThat(mapper.isSuspended(DISK)).isFalse();
        assertThat(disks.observe()).extracting(DiskState::backing).containsExactly(DiskBacking.CLONE);
    }

    @Test
    void anAgentThatDiesAtAnyCommandOfASettleSettlesAfterItsRestart() {
        for (int at = 0; at < 3; at++) {
            for (boolean before : new boolean[] {true, false}) {
                mapper.reboot();
                raiseClone();
                disks.serve(VOLUME, DiskBacking.CLONE);
                clones.complete = true;
                commands.forget();
                if (before) {
                    commands.dieBefore(at);
                } else {
                    commands.dieAfter(at);
                }
                assertThatThrownBy(() -> disks.serve(VOLUME, DiskBacking.PLAIN))
                        .isInstanceOf(ScriptedCommands.Died.class);
                commands.live();
                startAgent();
                disks.serve(VOLUME, DiskBacking.PLAIN);
                assertThat(mapper.isSuspended(DISK)).isFalse();
                assertThat(disks.observe()).extracting(DiskState::backing).containsExactly(DiskBacking.PLAIN);
            }
        }
    }

    @Test
    void anAgentThatDiesWithinMakingADiskMakesItAfterItsRestart() {
        for (int calls = 1; calls <= 2; calls++) {
            mapper.dieWithin(mapper.creates(), calls);
            assertThatThrownBy(() -> disks.serve(VOLUME, DiskBacking.PLAIN)).isInstanceOf(ScriptedCommands.Died.class);
            commands.live();
            assertThat(mapper.devices()).contains(DISK);
            startAgent();
            assertThat(disks.observe()).isEmpty();
            disks.serve(VOLUME, DiskBacking.PLAIN);
            assertThat(disks.observe()).hasSize(1);
            disks.withdraw(VOLUME);
            assertThat(mapper.devices()).isEmpty();
            mapper.dieWithin(mapper.creates(), calls);
            assertThatThrownBy(() -> disks.serve(VOLUME, DiskBacking.PLAIN)).isInstanceOf(ScriptedCommands.Died.class);
            commands.live();
            disks.withdraw(VOLUME);
            assertThat(mapper.devices()).isEmpty();
        }
    }

    @Test
    void aDiskLeftSuspendedCountsAsNotServedAndGoesOnWhenServed() {
        disks.serve(VOLUME, DiskBacking.PLAIN);
        new DeviceMapper(commands).suspend(DeviceName.disk(VOLUME), DeviceMapper.Suspend.FLUSHING);
        assertThat(disks.observe()).isEmpty();
        disks.serve(VOLUME, DiskBacking.PLAIN);
        assertThat(mapper.isSuspended(DISK)).isFalse();
        assertThat(disks.observe()).hasSize(1);
    }

    @Test
    void aDiskLeftSuspendedGoesOnAsBeforeWithTheNextAgent() {
        raiseClone();
        disks.serve(VOLUME, DiskBacking.CLONE);
        clones.complete = true;
        commands.forget();
        commands.dieAfter(1);
        assertThatThrownBy(() -> disks.serve(VOLUME, DiskBacking.PLAIN)).isInstanceOf(ScriptedCommands.Died.class);
        commands.live();
        assertThat(mapper.isSuspended(DISK)).isTrue();
        startAgent();
        disks.resumeLeftSuspended();
        assertThat(mapper.isSuspended(DISK)).isFalse();
        assertThat(mapper.live(DISK)).isEqualTo(LinearTable.over("/dev/mapper/sluice-db.era", SIZE));
        assertThat(disks.observe()).extracting(DiskState::backing).containsExactly(DiskBacking.CLONE);
    }

    @Test
    void aSecondTableThatIsNotInForceIsNeverTakenForWhatTheDiskLiesOn() {
        raiseClone();
        disks.serve(VOLUME, DiskBacking.CLONE);
        new DeviceMapper(commands)
                .load(DeviceName.disk(VOLUME), LinearTable.over(LOGICAL_VOLUME.toString(), SIZE), Access.READ_WRITE);
        assertThat(disks.observe()).isEmpty();
        assertThat(codeOf(() -> disks.serve(VOLUME, DiskBacking.PLAIN))).isEqualTo("HYDRATION_INCOMPLETE");
        assertThat(disks.observe()).extracting(DiskState::backing).containsExactly(DiskBacking.CLONE);
    }

    @Test
    void aDiskLeftSuspendedIsWithdrawnWithoutItsSecondTableEverInForce() {
        raiseClone();
        disks.serve(VOLUME, DiskBacking.CLONE);
        clones.complete = true;
        commands.forget();
        commands.dieAfter(1);
        assertThatThrownBy(() -> disks.serve(VOLUME, DiskBacking.PLAIN)).isInstanceOf(ScriptedCommands.Died.class);
        commands.live();
        startAgent();
        commands.forget();
        disks.withdraw(VOLUME);
        assertThat(commands.lines())
                .containsSubsequence(
                        "dmsetup clear sluice-db", "dmsetup resume sluice-db", "dmsetup remove --retry sluice-db");
    }

    @Test
    void aVolumeThatIsAFileComesThroughThePortalUnderTheSamePath() throws IOException {
        volume = Files.createFile(directory.resolve("db.raw"));
        disks.serve(VOLUME, DiskBacking.PLAIN);
        assertThat(mapper.live(DISK)).isEqualTo(LinearTable.over("/dev/mapper/sluice-db.portal", SIZE));
        assertThat(disks.observe()).containsExactly(new DiskState(VOLUME, DiskBacking.PLAIN, ADDRESS, null, null));
        disks.withdraw(VOLUME);
        assertThat(mapper.devices()).isEmpty();
        assertThat(initiator.sessions()).isZero();
        assertThat(fronts.served).isEmpty();
    }

    @Test
    void thePortableEngineIsSwappedBehindThePortalWithTheDiskUntouched() throws IOException {
        volume = Files.createFile(directory.resolve("db.raw"));
        disks.serve(VOLUME, DiskBacking.CLONE);
        assertThat(disks.observe()).extracting(DiskState::backing).containsExactly(DiskBacking.CLONE);
        commands.forget();
        disks.serve(VOLUME, DiskBacking.PLAIN);
        assertThat(disks.observe()).extracting(DiskState::backing).containsExactly(DiskBacking.PLAIN);
        assertThat(commands.ran()).isEmpty();
    }

    @Test
    void aRestartedAgentServesThePortalAgainUnderTheRunningDisk() throws IOException {
        volume = Files.createFile(directory.resolve("db.raw"));
        disks.serve(VOLUME, DiskBacking.PLAIN);
        mapper.open(DISK);
        startAgent();
        assertThat(disks.observe()).isEmpty();
        commands.forget();
        disks.serve(VOLUME, DiskBacking.PLAIN);
        assertThat(disks.observe()).hasSize(1);
        assertThat(commands.ran()).isEmpty();
    }

    @Test
    void aDiskThatIsOpenIsNotWithdrawn() {
        disks.serve(VOLUME, DiskBacking.PLAIN);
        mapper.open(DISK);
        assertThat(codeOf(() -> disks.withdraw(VOLUME))).isEqualTo("DISK_IN_USE");
        assertThat(disks.observe()).hasSize(1);
        mapper.close(DISK);
        disks.withdraw(VOLUME);
        disks.withdraw(VOLUME);
        assertThat(mapper.devices()).isEmpty();
    }

    @Test
    void devicesOfOthersAreNoDisks() {
        new DeviceMapper(commands)
                .create(
                        new DeviceName("vg-sluice--db"),
                        LinearTable.over(LOGICAL_VOLUME.toString(), SIZE),
                        Access.READ_WRITE);
        assertThat(disks.observe()).isEmpty();
    }

    private void raiseClone() {
        new DeviceMapper(commands)
                .create(DeviceName.era(VOLUME), LinearTable.over("/dev/vg/meta", SIZE), Access.READ_WRITE);
        clones.device = DeviceName.era(VOLUME).path();
        clones.complete = false;
    }

    private String discardLimit() throws IOException {
        return Files.readString(limitOf(DISK)).strip();
    }

    private Path limitOf(String device) {
        String minor = mapper.number(device).substring("253:".length());
        return directory.resolve("sys/block/dm-" + minor + "/queue/discard_max_bytes");
    }

    private static String codeOf(ThrowingCallable call) {
        return catchThrowableOfType(HostActionException.class, call).code();
    }

    private final class KernelClones implements KernelDisks.CloneDevices {
        @Nullable
        Path device;

        boolean complete;
        boolean suspendedWhenAsked;

        @Override
        public @Nullable Path device(VolumeId id) {
            return device;
        }

        @Override
        public void requireComplete(VolumeId id) {
            suspendedWhenAsked = mapper.isSuspended(DISK);
            if (!complete) {
                throw new HostActionException("HYDRATION_INCOMPLETE", FailureKind.RETRY, "a write came");
            }
        }
    }

    /** Disks on the agent's portal. */
    private final class Fronts implements Disks {
        final Map<VolumeId, DiskBacking> served = new LinkedHashMap<>();

        @Override
        public List<DiskState> observe() {
            return served.entrySet().stream()
                    .map(front -> new DiskState(
                            front.getKey(),
                            front.getValue(),
                            "iscsi://127.0.0.1:3261/iqn.2026-11.io.sluice:disk." + front.getKey() + "/0",
                            "db",
                            directory.resolve("secret")))
                    .toList();
        }

        @Override
        public void serve(VolumeId id, DiskBacking backing) {
            served.put(id, backing);
            initiator.serve(
                    "iqn.2026-11.io.sluice:disk." + id,
                    "127.0.0.1:3261",
                    new Served(SIZE, 512, id.value(), "of-the-front"));
        }

        @Override
        public void withdraw(VolumeId id) {
            served.remove(id);
        }
    }
}
