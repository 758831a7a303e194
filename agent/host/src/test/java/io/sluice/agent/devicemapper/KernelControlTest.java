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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device goes through call by call of the kernel. */
class KernelControlTest {
    private static final DeviceName DISK = DeviceName.disk(new VolumeId("db"));
    private static final Table OLD = new LinearTable(2048, "253:40", 0);
    private static final Table NEW = new LinearTable(2048, "253:41", 0);

    private static final Duration SHORT = Duration.ofMillis(20);
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path dev;

    private SimulatedControlFile kernel;
    private KernelControl control;
    private DeviceMapper mapper;

    @BeforeEach
    void aHost() throws IOException {
        Files.createDirectory(dev.resolve("mapper"));
        kernel = new SimulatedControlFile(dev);
        control = agent();
        mapper = new DeviceMapper(control);
    }

    private KernelControl agent() {
        return new KernelControl(
                kernel, new DeviceNodes(dev, dev.resolve("mounts")), new Dmsetup(new ScriptedCommands()));
    }

    @Test
    void aDeviceIsMadeByThreeCalls() {
        mapper.create(DISK, OLD, Access.READ_WRITE);
        assertThat(kernel.calls()).containsExactly("CREATE", "LOAD", "RESUME");
        assertThat(mapper.table(DISK)).isEqualTo(OLD);
        assertThat(dev.resolve("mapper/sluice-db")).isSymbolicLink();
        mapper.remove(DISK);
        assertThat(kernel.has(DISK)).isFalse();
        assertThat(dev.resolve("mapper")).isEmptyDirectory();
    }

    @Test
    void anAgentThatDiesAtAnyCallOfMakingADeviceMakesItAfterItsRestart() {
        for (int call = 0; call < 2; call++) {
            for (boolean before : new boolean[] {true, false}) {
                kernel.dieAt(kernel.calls().size() + call, before);
                assertThatThrownBy(() -> mapper.create(DISK, OLD, Access.READ_WRITE))
                        .as("call %d", call)
                        .isInstanceOf(HostActionException.class);
                kernel.live();
                assertThat(kernel.live(DISK)).isNull();
                mapper = new DeviceMapper(agent());
                mapper.create(DISK, OLD, Access.READ_WRITE);
                assertThat(mapper.table(DISK)).isEqualTo(OLD);
                mapper.remove(DISK);
            }
        }
    }

    @Test
    void aDeviceThatHasItsTableHasItsName() {
        kernel.dieAt(2, false);
        assertThatThrownBy(() -> mapper.create(DISK, OLD, Access.READ_WRITE)).isInstanceOf(HostActionException.class);
        kernel.live();
        assertThat(kernel.live(DISK)).isNotNull();
        assertThat(dev.resolve("mapper/sluice-db")).isSymbolicLink();
    }

    @Test
    void aDeviceThatCannotBeMadeLeavesNothing() {
        kernel.refuse("RESUME", 22);
        assertThat(codeOf(() -> mapper.create(DISK, OLD, Access.READ_WRITE))).isEqualTo("DEVICE_REFUSED");
        assertThat(kernel.has(DISK)).isFalse();
        assertThat(dev.resolve("mapper")).isEmptyDirectory();
    }

    @Test
    void aDeviceThatIsMadeTooLateGoesAndIsMadeByOneCallAtATime() throws InterruptedException {
        SimulatedControlFile.Hang hang = kernel.hang("LOAD");
        DeviceOperation create = new DeviceOperation.Create(DISK, OLD, false);
        assertThat(control.run(create, SHORT)).isInstanceOf(CommandResult.TimedOut.class);
        hang.awaitReached();
        assertThat(control.run(create, SHORT)).isInstanceOf(CommandResult.TimedOut.class);
        assertThat(kernel.calls()).containsExactly("CREATE");
        hang.over();
        assertThat(control.run(create, LONG).succeeded()).isTrue();
        assertThat(kernel.calls()).containsExactly("CREATE", "LOAD", "RESUME", "REMOVE", "CREATE", "LOAD", "RESUME");
        assertThat(dev.resolve("mapper/sluice-db")).isSymbolicLink();
    }

    @Test
    void aTableThatIsLoadedTooLateGoes() {
        mapper.create(DISK, OLD, Access.READ_WRITE);
        SimulatedControlFile.Hang hang = kernel.hang("LOAD");
        assertThat(control.run(new DeviceOperation.Load(DISK, NEW, false), SHORT))
                .isInstanceOf(CommandResult.TimedOut.class);
        hang.over();
        assertThat(control.run(new DeviceOperation.Suspend(DISK, false), LONG).succeeded())
                .isTrue();
        assertThat(kernel.calls()).endsWith("LOAD", "CLEAR", "SUSPEND");
        assertThat(kernel.loaded(DISK)).isNull();
    }

    @Test
    void aDeviceThatIsSuspendedTooLateGoesOn() {
        mapper.create(DISK, OLD, Access.READ_WRITE);
        SimulatedControlFile.Hang hang = kernel.hang("SUSPEND");
        assertThat(control.run(new DeviceOperation.Suspend(DISK, false), SHORT))
                .isInstanceOf(CommandResult.TimedOut.class);
        hang.over();
        assertThat(control.run(new DeviceOperation.Load(DISK, NEW, false), LONG).succeeded())
                .isTrue();
        assertThat(kernel.calls()).endsWith("SUSPEND", "RESUME", "LOAD");
        assertThat(kernel.isSuspended(DISK)).isFalse();
    }

    @Test
    void anAgentThatStopsLeavesNoDeviceBetweenTwoCalls() {
        mapper.create(DISK, OLD, Access.READ_WRITE);
        mapper.swap(
                DISK,
                NEW,
                Access.READ_WRITE,
                Suspend.FLUSHING,
                () -> Thread.currentThread().interrupt());
        assertThat(Thread.interrupted()).as("it is told when it is over").isTrue();
        assertThat(kernel.isSuspended(DISK)).isFalse();
        assertThat(mapper.table(DISK)).isEqualTo(NEW);
    }

    private static String codeOf(ThrowingCallable call) {
        return catchThrowableOfType(HostActionException.class, call).code();
    }
}
