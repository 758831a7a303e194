package io.sluice.agent.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.reconcile.DiskBacking;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.testing.ScriptedCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SystemdDriverTest {
    private static final WorkloadId DB = new WorkloadId("db");
    private static final VolumeId V1 = new VolumeId("v1");
    private static final String SHOW = "systemctl show";
    private static final String DO = "systemctl --no-ask-password --quiet ";

    @TempDir
    Path directory;

    private final ScriptedCommands commands = new ScriptedCommands();

    @BeforeEach
    void declare() throws IOException {
        Files.createDirectories(directory.resolve("workloads.d"));
        Files.writeString(
                directory.resolve("workloads.d/db.yaml"),
                "{id: db, volumes: [v1], driver: systemd, unit: orders-db.service, stopGraceSeconds: 7}");
        shows("active", "running", "/system.slice/orders-db.service");
        commands.exits(DO + "start", 0);
        commands.exits(DO + "stop", 0);
        commands.exits(DO + "enable", 0);
        commands.exits(DO + "disable", 0);
    }

    private void shows(String active, String sub, String group) {
        commands.prints(SHOW, "ActiveState=" + active + "\nSubState=" + sub + "\nControlGroup=" + group + "\n");
    }

    private Path group(String name, String events) throws IOException {
        Path group = Files.createDirectories(directory.resolve("cgroup").resolve(name));
        Files.writeString(group.resolve("cgroup.procs"), "");
        Files.writeString(group.resolve("cgroup.events"), events);
        return group;
    }

    private DeclaredWorkloads open() {
        DeclaredWorkloads workloads = new DeclaredWorkloads(
                directory.resolve("workloads.d"),
                directory.resolve("state"),
                commands,
                new ControlGroupTree(directory.resolve("cgroup")));
        workloads.refresh();
        commands.forget();
        return workloads;
    }

    private static WorkloadStatus status(DeclaredWorkloads workloads) {
        return workloads.observe().workloads().getFirst().status();
    }

    private List<String> verbs() {
        return commands.lines().stream()
                .filter(line -> line.startsWith(DO))
                .map(line -> line.substring(DO.length()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "active, RUNNING",
        "reloading, RUNNING",
        "inactive, STOPPED",
        "failed, STOPPED",
        "activating, UNKNOWN",
        "deactivating, UNKNOWN",
        "maintenance, UNKNOWN"
    })
    void aUnitsStateIsTheWorkloads(String active, WorkloadStatus status) {
        shows(active, "", "");

        assertThat(status(open())).isEqualTo(status);
    }

    @Test
    void whatTheManagerDoesNotTellIsUnknown() {
        commands.fails(SHOW, 1, "Failed to connect to bus");

        assertThat(status(open())).isEqualTo(WorkloadStatus.UNKNOWN);
    }

    @Test
    void aUnitIsDisabledBeforeItIsStopped() {
        DeclaredWorkloads workloads = open();
        shows("inactive", "dead", "");
        workloads.stop(DB);

        assertThat(verbs()).containsExactly("disable -- orders-db.service", "stop -- orders-db.service");
        assertThat(commands.ran().get(1).limit().toSeconds()).isEqualTo(7);
        assertThat(status(workloads)).isEqualTo(WorkloadStatus.STOPPED);
    }

    @Test
    void aUnitThatCannotBeDisabledIsNotStopped() {
        DeclaredWorkloads workloads = open();
        commands.fails(DO + "disable", 1, "read-only file system");

        assertThatThrownBy(() -> workloads.stop(DB))
                .asInstanceOf(type(HostActionException.class))
                .satisfies(e -> assertThat(e.code()).isEqualTo("WORKLOAD_STOP_FAILED"));
        assertThat(verbs()).containsExactly("disable -- orders-db.service");
    }

    @Test
    void aUnitThatLeavesProcessesBehindIsNotStopped() throws IOException {
        DeclaredWorkloads workloads = open();
        shows("inactive", "dead", "/system.slice/orders-db.service");
        Path group = group("system.slice/orders-db.service", "populated 1\nfrozen 0\n");

        assertThatThrownBy(() -> workloads.stop(DB)).hasMessageContaining("processes");
        workloads.refresh();
        assertThat(status(workloads)).isEqualTo(WorkloadStatus.UNKNOWN);
        Files.writeString(group.resolve("cgroup.events"), "populated 0\nfrozen 0\n");
        workloads.stop(DB);
        assertThat(status(workloads)).isEqualTo(WorkloadStatus.STOPPED);
    }

    @Test
    void aUnitFindsItsDisksInAFileAndIsEnabledOnceItRuns() throws IOException {
        DeclaredWorkloads workloads = open();
        workloads.start(
                DB, 5, List.of(new DiskState(V1, DiskBacking.PLAIN, "iscsi://h:1/v1/0", "user", Path.of("/secret"))));

        assertThat(verbs()).containsExactly("start -- orders-db.service", "enable -- orders-db.service");
        assertThat(Files.readString(directory.resolve("state/run/db/environment")))
                .contains("SLUICE_DISK_0=\"iscsi://h:1/v1/0\"\n", "SLUICE_EPOCH=\"5\"\n", "SLUICE_VOLUME_0=\"v1\"\n");
        assertThat(status(workloads)).isEqualTo(WorkloadStatus.RUNNING);
    }

    @Test
    void theControlGroupOfARunningUnitIsKnown() throws IOException {
        DeclaredWorkloads workloads = open();

        assertThat(workloads.of(V1)).isNull();
        Path group = group("system.slice/orders-db.service", "populated 1\n");
        assertThat(workloads.of(V1)).isEqualTo(group);
        assertThat(workloads.of(new VolumeId("v2"))).isNull();
        shows("inactive", "dead", "");
        assertThat(workloads.of(V1)).isNull();
    }

    @Test
    void theControlGroupOfProgramsIsAsDeclared() throws IOException {
        Files.writeString(directory.resolve("workloads.d/db.yaml"), """
                id: db
                volumes: [v1]
                programs: {start: [/bin/a], stop: [/bin/b], status: [/bin/c]}
                cgroup: orders.slice/db
                """);
        Path group = group("orders.slice/db", "populated 1\n");

        assertThat(open().of(V1)).isEqualTo(group);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            driver: systemd                                 | unit
            driver: systemd, unit: -rf.service              | unit
            driver: systemd, unit: a.mount                  | unit
            driver: systemd, unit: a.service, cgroup: b     | cgroup
            driver: none, unit: a.service                   | unit
            driver: none, cgroup: b                         | cgroup
            driver: exec, unit: a.service, programs: {start: [a], stop: [a], status: [a]}  | unit
            cgroup: ../b, programs: {start: [a], stop: [a], status: [a]}  | cgroup
            driver: systemd, unit: a.service, programs: {start: [a], stop: [a], status: [a]}  | programs
            """)
    void aBadDeclarationIsNamed(String keys, String key) throws IOException {
        Files.writeString(directory.resolve("workloads.d/db.yaml"), "{id: db, " + keys + "}");

        assertThat(open().observe().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("'" + key + "'"));
    }
}
