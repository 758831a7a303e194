package io.sluice.agent.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.agent.api.FailureReport;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkloadDefinition;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.api.WorkloadStatus;
import io.sluice.agent.command.Command;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.reconcile.Autostart;
import io.sluice.agent.reconcile.DiskBacking;
import io.sluice.agent.reconcile.DiskState;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.reconcile.WorkloadState;
import io.sluice.agent.testing.ScriptedCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeclaredWorkloadsTest {
    private static final WorkloadId DB = new WorkloadId("db");
    private static final String DECLARATION = """
            id: db
            volumes: [v1, v2]
            programs:
              start: [/bin/db, start]
              stop: [/bin/db-stop]
              status: [/bin/db-status]
              environment: {DB_HOME: /srv}
            stopGraceSeconds: 7
            """;

    @TempDir
    Path directory;

    private final ScriptedCommands commands = new ScriptedCommands();

    @BeforeEach
    void declare() throws IOException {
        Files.createDirectories(directory.resolve("workloads.d"));
        Files.writeString(directory.resolve("workloads.d/database.yaml"), DECLARATION);
        commands.exits("/bin/db", 0);
        commands.exits("/bin/db-stop", 0);
        commands.exits("/bin/db-status", 3);
    }

    private DeclaredWorkloads open() {
        DeclaredWorkloads workloads =
                new DeclaredWorkloads(directory.resolve("workloads.d"), directory.resolve("state"), commands);
        workloads.refresh();
        return workloads;
    }

    private static WorkloadState only(DeclaredWorkloads workloads) {
        assertThat(workloads.observe().workloads()).hasSize(1);
        return workloads.observe().workloads().getFirst();
    }

    private static DiskState disk(String volume) {
        return new DiskState(
                new VolumeId(volume), DiskBacking.PLAIN, "iscsi://h:1/" + volume + "/0", "user", Path.of("/secret"));
    }

    @Test
    void keysThatAreLeftOutHaveDefaults() {
        WorkloadDefinition definition = only(open()).definition();

        assertThat(definition.driver()).isEqualTo("exec");
        assertThat(definition.stopGraceSeconds()).isEqualTo(7);
        assertThat(definition.startGraceSeconds()).isEqualTo(60);
    }

    @Test
    void aStatusCodeBeyondTheDocumentedOnesIsUnknownNotStopped() {
        assertThat(only(open()).status()).isEqualTo(WorkloadStatus.STOPPED);
        commands.exits("/bin/db-status", 0);
        assertThat(only(open()).status()).isEqualTo(WorkloadStatus.RUNNING);
        commands.exits("/bin/db-status", 1);
        assertThat(only(open()).status()).isEqualTo(WorkloadStatus.UNKNOWN);
        commands.script("/bin/db-status", new CommandResult.TimedOut("", ""));
        assertThat(only(open()).status()).isEqualTo(WorkloadStatus.UNKNOWN);
    }

    @Test
    void theStartProgramIsGivenDisksAndEpoch() {
        DeclaredWorkloads workloads = open();
        workloads.start(DB, 5, List.of(disk("v1"), disk("v2")));

        Command start = commands.ran().getLast();
        assertThat(start.arguments()).containsExactly("/bin/db", "start");
        assertThat(start.environment())
                .containsEntry("SLUICE_WORKLOAD", "db")
                .containsEntry("SLUICE_VOLUMES", "v1 v2")
                .containsEntry("SLUICE_VOLUME_1", "v2")
                .containsEntry("SLUICE_DISK_1", "iscsi://h:1/v2/0")
                .containsEntry("SLUICE_DISK_1_USER", "user")
                .containsEntry("SLUICE_DISK_1_SECRET_FILE", "/secret")
                .containsEntry("SLUICE_EPOCH", "5")
                .containsEntry("DB_HOME", "/srv");
        assertThat(only(workloads).status()).isEqualTo(WorkloadStatus.RUNNING);
    }

    @Test
    void aStopCountsAtOnceAndWithinItsGrace() {
        DeclaredWorkloads workloads = open();
        workloads.start(DB, 0, List.of());
        workloads.stop(DB);

        assertThat(only(workloads).status()).isEqualTo(WorkloadStatus.STOPPED);
        assertThat(commands.ran().getLast().limit()).hasSeconds(7);
    }

    @Test
    void aFailedStopIsNotTakenForAStop() {
        DeclaredWorkloads workloads = open();
        workloads.start(DB, 0, List.of());
        commands.script("/bin/db-stop", new CommandResult.TimedOut("busy", ""));

        assertThatThrownBy(() -> workloads.stop(DB))
                .isInstanceOfSatisfying(
                        HostActionException.class, e -> assertThat(e.code()).isEqualTo("WORKLOAD_STOP_TIMED_OUT"));
        assertThat(only(workloads).status()).isEqualTo(WorkloadStatus.UNKNOWN);
    }

    @Test
    void aHoldSurvivesARestartAndForbidsStarting() {
        Autostart held = new Autostart.Held(new MigrationId("m1"), true);
        open().setAutostart(DB, held);
        DeclaredWorkloads again = open();

        assertThat(only(again).autostart()).isEqualTo(held);
        assertThat(only(again).fresh()).isFalse();
        assertThatThrownBy(() -> again.start(DB, 0, List.of())).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDeclarationThatTravelsIsWrittenWholeAndReadBackEqual() throws IOException {
        WorkloadDefinition definition = only(open()).definition();
        Files.delete(directory.resolve("workloads.d/database.yaml"));
        DeclaredWorkloads workloads = open();
        workloads.declare(definition, new Autostart.Due());

        WorkloadState again = only(open());
        assertThat(again.definition()).isEqualTo(definition);
        assertThat(again.autostart()).isEqualTo(new Autostart.Due());
    }

    @Test
    void aRemovedDeclarationIsGoneWithItsHold() {
        DeclaredWorkloads workloads = open();
        workloads.setAutostart(DB, new Autostart.Held(new MigrationId("m1"), true));
        workloads.remove(DB);

        assertThat(open().observe().workloads()).isEmpty();
        assertThat(directory.resolve("state/autostart")).isEmptyDirectory();
    }

    @Test
    void aBadFileIsNamedWithItsKeyAndTheOthersCount() throws IOException {
        Files.writeString(directory.resolve("workloads.d/bad.yaml"), "id: bad\nvolumez: [v9]\n");
        Files.writeString(directory.resolve("workloads.d/twin.yaml"), "id: twin\ndriver: none\nvolumes: [v1]\n");
        DeclaredWorkloads workloads = open();

        assertThat(only(workloads).id()).isEqualTo(DB);
        assertThat(workloads.observe().problems())
                .extracting(FailureReport::message)
                .anySatisfy(message -> assertThat(message).contains("bad.yaml").contains("'volumez'"))
                .anySatisfy(message -> assertThat(message).contains("twin.yaml").contains("database.yaml"));
    }

    @Test
    void aFileThatGoesBadLeavesItsWorkloadAsItWas() throws IOException {
        DeclaredWorkloads workloads = open();
        Files.writeString(directory.resolve("workloads.d/database.yaml"), "id: [");
        workloads.refresh();

        assertThat(only(workloads).id()).isEqualTo(DB);
        assertThat(workloads.observe().problems()).hasSize(1);
    }
}
