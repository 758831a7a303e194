package io.sluice.agent.devicemapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.devicemapper.DeviceMapper.Access;
import io.sluice.agent.devicemapper.DeviceMapper.Suspend;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.testing.ScriptedCommands;
import io.sluice.agent.testing.SimulatedMapper;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceMapperTest {
    private static final VolumeId VOLUME = new VolumeId("db");
    private static final DeviceName DISK = DeviceName.disk(VOLUME);
    private static final DeviceName SOURCE = DeviceName.source(VOLUME);
    private static final Table LINEAR = new LinearTable(2048, "253:4", 0);

    private final ScriptedCommands commands = new ScriptedCommands();
    private final DeviceMapper mapper = new DeviceMapper(commands);

    @Test
    void aDeviceIsMadeWithItsTableAndAnIdentityOfOurs() {
        commands.exits("dmsetup", 0);
        mapper.create(DISK, LINEAR, Access.READ_WRITE);
        assertThat(commands.lines())
                .containsExactly("dmsetup create sluice-db --uuid SLUICE-sluice-db --table 0 2048 linear 253:4 0");
    }

    @Test
    void aNodeIsMadeWithoutWaitingForUdev() {
        commands.exits("dmsetup", 0);
        mapper.create(SOURCE, MultipathTable.over("8:16", 1 << 20), Access.READ_ONLY);
        assertThat(commands.lines())
                .containsExactly("dmsetup create sluice-db.source --uuid SLUICE-sluice-db.source --readonly --table 0"
                        + " 2048 multipath 3 queue_if_no_path queue_mode bio 0 1 1 round-robin 0 1 1 8:16"
                        + " 1");
        assertThat(commands.ran())
                .allSatisfy(command -> assertThat(command.environment()).containsEntry("DM_DISABLE_UDEV", "1"));
    }

    @Test
    void aTableIsSwappedBySuspendLoadResume() {
        commands.exits("dmsetup", 0);
        mapper.swap(
                DISK,
                LINEAR,
                Access.READ_WRITE,
                Suspend.FLUSHING,
                () -> assertThat(commands.lines()).containsExactly("dmsetup suspend sluice-db"));
        assertThat(commands.lines())
                .containsExactly(
                        "dmsetup suspend sluice-db",
                        "dmsetup load sluice-db --table 0 2048 linear 253:4 0",
                        "dmsetup resume sluice-db");
    }

    @Test
    void theOldTableGoesOnWhenTheNewOneIsNotRightAnyMore() {
        commands.exits("dmsetup", 0);
        assertThatThrownBy(() -> mapper.swap(DISK, LINEAR, Access.READ_WRITE, Suspend.FLUSHING, () -> {
                    throw new IllegalStateException("not complete");
                }))
                .hasMessage("not complete");
        assertThat(commands.lines())
                .containsExactly("dmsetup suspend sluice-db", "dmsetup clear sluice-db", "dmsetup resume sluice-db");
    }

    @Test
    void theOldTableGoesOnWhenTheKernelRefusesTheNewOne() {
        commands.exits("dmsetup", 0);
        commands.fails("dmsetup load", 1, "device-mapper: reload ioctl on sluice-db failed: No such device");
        assertThat(codeOf(() -> mapper.swap(DISK, LINEAR, Access.READ_WRITE, Suspend.KEEPING_BACK, () -> {})))
                .isEqualTo("DEVICE_REFUSED");
        assertThat(commands.lines())
                .containsExactly(
                        "dmsetup suspend --noflush --nolockfs sluice-db",
                        "dmsetup load sluice-db --table 0 2048 linear 253:4 0",
                        "dmsetup clear sluice-db",
                        "dmsetup resume sluice-db");
    }

    @Test
    void theOldTableGoesOnWhenTheNewOneDoesNotComeIntoForce() {
        commands.exits("dmsetup", 0);
        commands.script(
                "dmsetup resume",
                new CommandResult.Exited(1, "", "device-mapper: resume ioctl on sluice-db failed: Invalid argument"),
                new CommandResult.Exited(0, "", ""));
        assertThat(codeOf(() -> mapper.swap(DISK, LINEAR, Access.READ_WRITE, Suspend.FLUSHING, () -> {})))
                .isEqualTo("DEVICE_REFUSED");
        assertThat(commands.lines())
                .endsWith("dmsetup resume sluice-db", "dmsetup clear sluice-db", "dmsetup resume sluice-db");
    }

    @Test
    void aDeviceIsDescribedByItsNumberOpenersAndTables() {
        commands.prints("dmsetup info", "253 5 1 L-sr\n");
        assertThat(mapper.find(DISK)).isEqualTo(new DeviceInfo(253, 5, 1, true, false, true, true));
        commands.prints("dmsetup info", "253 5 0 -I-w\n");
        assertThat(mapper.find(DISK)).isEqualTo(new DeviceInfo(253, 5, 0, false, true, false, false));
    }

    @Test
    void aDeviceThatIsNotThereIsNoFailure() {
        commands.fails("dmsetup", 1, "Device does not exist.\nCommand failed.");
        assertThat(mapper.find(DISK)).isNull();
        assertThat(mapper.table(DISK)).isNull();
        assertThat(mapper.status(DISK)).isNull();
        assertThat(mapper.events(DISK)).isNull();
        mapper.remove(DISK);
    }

    @Test
    void askingHowADeviceFaresFlushesNothing() {
        commands.prints("dmsetup status", "0 2048 clone Fail\n");
        mapper.status(DISK);
        assertThat(commands.lines()).containsExactly("dmsetup status --noflush sluice-db");
    }

    @Test
    void waitingEndsWithAnEventOrWithItsTime() {
        commands.prints("dmsetup info", "3\n");
        assertThat(mapper.awaitEvent(DISK, 2, Duration.ofSeconds(1))).isEqualTo(3);
        commands.script("dmsetup wait", new CommandResult.TimedOut("", ""));
        assertThat(mapper.awaitEvent(DISK, 3, Duration.ofSeconds(1))).isEqualTo(3);
    }

    @Test
    void failuresAreTypedByWhatIsToBeDone() {
        commands.script("dmsetup", new CommandResult.TimedOut("", ""));
        assertThat(codeOf(() -> mapper.suspend(DISK, Suspend.FLUSHING))).isEqualTo("DEVICE_STUCK");
        commands.fails("dmsetup", 1, "device-mapper: remove ioctl on sluice-db failed: Device or resource busy");
        assertThat(codeOf(() -> mapper.resume(DISK))).isEqualTo("DEVICE_BUSY");
        commands.script("dmsetup", new CommandResult.NotStarted("No such file or directory"));
        assertThat(codeOf(() -> mapper.find(DISK))).isEqualTo("DEVICE_MAPPER_MISSING");
    }

    @Test
    void aVolumeNamedLikeOneOfOurDevicesIsRefused() {
        assertThat(codeOf(() -> DeviceName.disk(new VolumeId("db.source")))).isEqualTo("VOLUME_NAME_RESERVED");
        assertThat(DeviceName.volumeOf("sluice-db")).isEqualTo(VOLUME);
        assertThat(DeviceName.volumeOf("sluice-db.source")).isNull();
        assertThat(DeviceName.volumeOf("vg-root")).isNull();
    }

    @Test
    void aSwapKeepsTheDeviceItsNumberAndOpeners(@TempDir Path sysfs) {
        SimulatedMapper kernel = new SimulatedMapper(sysfs);
        kernel.addDisk("dm-4", "253:4", Path.of("/dev/vg/one"));
        kernel.addDisk("dm-9", "253:9", Path.of("/dev/vg/other"));
        commands.simulate("dmsetup", kernel::run);
        mapper.create(DISK, LinearTable.over("/dev/vg/one", 1 << 20), Access.READ_WRITE);
        kernel.open(DISK.value());
        DeviceInfo before = mapper.find(DISK);

        Table other = LinearTable.over("/dev/vg/other", 1 << 20);
        mapper.swap(
                DISK,
                other,
                Access.READ_WRITE,
                Suspend.FLUSHING,
                () -> assertThat(kernel.isSuspended("sluice-db")).isTrue());

        assertThat(mapper.table(DISK)).isEqualTo(other);
        assertThat(mapper.find(DISK)).isEqualTo(before);
        assertThat(codeOf(() -> mapper.remove(DISK))).isEqualTo("DEVICE_BUSY");
        kernel.close(DISK.value());
        mapper.remove(DISK);
        assertThat(mapper.find(DISK)).isNull();
    }

    @Test
    void aDeviceLeftHalfwayIsMadeAnewUnlessSomebodyHasItOpen(@TempDir Path sysfs) {
        SimulatedMapper kernel = new SimulatedMapper(sysfs);
        kernel.addDisk("dm-4", "253:4", Path.of("/dev/vg/one"));
        commands.simulate("dmsetup", kernel::run);
        Table table = LinearTable.over("/dev/vg/one", 1 << 20);
        for (int calls = 1; calls <= 2; calls++) {
            kernel.dieWithin(kernel.creates(), calls);
            assertThatThrownBy(() -> mapper.create(DISK, table, Access.READ_WRITE))
                    .isInstanceOf(ScriptedCommands.Died.class);
            commands.live();
            kernel.open(DISK.value());
            assertThat(codeOf(() -> mapper.create(DISK, table, Access.READ_WRITE)))
                    .isEqualTo("DEVICE_BUSY");
            kernel.close(DISK.value());
            mapper.create(DISK, table, Access.READ_WRITE);
            assertThat(mapper.table(DISK)).isEqualTo(table);
            mapper.remove(DISK);
        }
    }

    @Test
    void aDeviceThatHasATableIsNeverMadeAnew(@TempDir Path sysfs) {
        SimulatedMapper kernel = new SimulatedMapper(sysfs);
        kernel.addDisk("dm-4", "253:4", Path.of("/dev/vg/one"));
        commands.simulate("dmsetup", kernel::run);
        mapper.create(DISK, LinearTable.over("/dev/vg/one", 1 << 20), Access.READ_WRITE);
        DeviceInfo before = mapper.find(DISK);
        assertThat(codeOf(() -> mapper.create(DISK, LinearTable.over("/dev/vg/one", 1 << 19), Access.READ_WRITE)))
                .isEqualTo("DEVICE_BUSY");
        assertThat(mapper.find(DISK)).isEqualTo(before);
    }

    private static String codeOf(ThrowingCallable call) {
        return catchThrowableOfType(HostActionException.class, call).code();
    }
}
