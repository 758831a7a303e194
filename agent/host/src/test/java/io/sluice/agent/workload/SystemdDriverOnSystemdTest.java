package io.sluice.agent.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.reconcile.DiskBacking;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.agent.reconcile.HostActionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The driver with the real manager: what its units' states are called, when it disables, and which processes it leaves. */
@EnabledIf("io.sluice.agent.workload.SystemdManager#canStart")
@Timeout(180)
class SystemdDriverOnSystemdTest {
    private static final WorkloadId DB = new WorkloadId("db");
    private static final VolumeId V1 = new VolumeId("v1");

    @TempDir
    Path directory;

    private SystemdManager manager;
    private @Nullable DeclaredWorkloads declared;

    @BeforeEach
    void start() throws Exception {
        Path units = Files.createDirectories(directory.resolve("units"));
        Files.createDirectories(directory.resolve("workloads.d"));
        Path environment = directory.resolve("state/run/db/environment");
        unit(units, "db", "exec sleep 1000", "EnvironmentFile=" + environment + "\n");
        unit(units, "deaf", "trap '' TERM; while :; do sleep 1; done", "TimeoutStopSec=4\n");
        unit(units, "untidy", "sleep 1000 & exec sleep 1001", "KillMode=process\n");
        unit(units, "broken", "exit 1", "");
        manager = SystemdManager.start(units, directory.resolve("systemd.log"));
    }

    @AfterEach
    void end() {
        manager.close();
    }

    private void unit(Path units, String name, String script, String more) throws IOException {
        Path program = directory.resolve(name + ".sh");
        Files.writeString(program, "printenv > " + directory.resolve(name + ".env") + "\n" + script + "\n");
        Files.writeString(
                units.resolve(name + ".service"),
                "[Unit]\nDefaultDependencies=no\n[Service]\nType=exec\nExecStart=/bin/sh " + program + "\n" + more
                        + "[Install]\nWantedBy=multi-user.target\n");
    }

    private void declare(String unit) throws IOException {
        Files.writeString(
                directory.resolve("workloads.d/db.yaml"),
                "{id: db, volumes: [v1], driver: systemd, unit: " + unit
                        + ".service, startGraceSeconds: 60, stopGraceSeconds: 60}");
        declared = new DeclaredWorkloads(
                directory.resolve("workloads.d"), directory.resolve("state"), manager, manager.controlGroups());
        declared.refresh();
    }

    private DeclaredWorkloads workloads() {
        return Objects.requireNonNull(declared);
    }

    private WorkloadStatus status() {
        workloads().refresh();
        return workloads().observe().workloads().getFirst().status();
    }

    private void startOnDisk() {
        workloads().start(DB, 5, List.of(new DiskState(V1, DiskBacking.PLAIN, "/dev/mapper/sluice-v1", null, null)));
    }

    private String enabled(String unit) {
        CommandResult result =
                manager.run(Command.capturing(Duration.ofSeconds(60), "systemctl", "is-enabled", unit + ".service"));
        return result instanceof CommandResult.Exited exited ? exited.output().strip() : result.words();
    }

    @Test
    void aUnitIsStartedWithItsDisksAndEnabledAndStoppedAndDisabled() throws IOException {
        declare("db");
        assertThat(status()).isEqualTo(WorkloadStatus.STOPPED);

        startOnDisk();
        assertThat(status()).isEqualTo(WorkloadStatus.RUNNING);
        assertThat(enabled("db")).isEqualTo("enabled");
        assertThat(Files.readAllLines(directory.resolve("db.env")))
                .contains("SLUICE_DISK_0=/dev/mapper/sluice-v1", "SLUICE_EPOCH=5", "SLUICE_WORKLOAD=db");
        Path group = Objects.requireNonNull(workloads().of(V1));
        assertThat(Files.readAllLines(group.resolve("cgroup.procs"))).isNotEmpty();

        workloads().stop(DB);
        assertThat(status()).isEqualTo(WorkloadStatus.STOPPED);
        assertThat(enabled("db")).isEqualTo("disabled");
        workloads().stop(DB);

        startOnDisk();
        assertThat(status()).isEqualTo(WorkloadStatus.RUNNING);
    }

    @Test
    void aUnitThatHearsNoSignalIsKilledByTheManagerAndThenStopped() throws IOException {
        declare("deaf");
        startOnDisk();
        workloads().stop(DB);
        assertThat(status()).isEqualTo(WorkloadStatus.STOPPED);
    }

    @Test
    void aUnitWhoseProcessesOutliveItIsNotTakenForStopped() throws IOException {
        declare("untidy");
        startOnDisk();
        assertThatThrownBy(() -> workloads().stop(DB))
                .hasMessageContaining("KillMode=")
                .asInstanceOf(type(HostActionException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo("WORKLOAD_STOP_FAILED"));
        assertThat(status()).isEqualTo(WorkloadStatus.UNKNOWN);
    }

    /** Its program begins, and ends a moment later: by then the manager may have called the start a success. */
    @Test
    void aUnitThatFailsAtOnceIsNotRunning() throws Exception {
        declare("broken");
        try {
            startOnDisk();
        } catch (HostActionException e) {
            assertThat(e.code()).isEqualTo("WORKLOAD_START_FAILED");
        }
        while (status() != WorkloadStatus.STOPPED) {
            Thread.sleep(50);
        }
    }

    @Test
    void aUnitThatIsNotThereIsNamed() throws IOException {
        declare("nowhere");
        assertThatThrownBy(this::startOnDisk).hasMessageContaining("nowhere.service");
    }
}
