package io.sluice.agent.attach.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.sluice.agent.api.AttachmentFailure;
import io.sluice.agent.api.AttachmentReport;
import io.sluice.agent.api.FailureKind;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Portal;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.attach.kernel.AttachmentOrder.Disk;
import io.sluice.agent.attach.kernel.AttachmentOrder.Login;
import io.sluice.agent.attach.kernel.AttachmentOrder.Node;
import io.sluice.agent.command.CommandResult;
import io.sluice.agent.devicemapper.DeviceMapper;
import io.sluice.agent.devicemapper.DeviceMapper.Access;
import io.sluice.agent.devicemapper.DeviceName;
import io.sluice.agent.devicemapper.MultipathTable;
import io.sluice.agent.reconcile.HostActionException;
import io.sluice.agent.testing.ScriptedCommands;
import io.sluice.agent.testing.SimulatedInitiator;
import io.sluice.agent.testing.SimulatedInitiator.Served;
import io.sluice.agent.testing.SimulatedMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelAttachmentsTest {
    private static final VolumeId VOLUME = new VolumeId("db");
    private static final DeviceName MAP = DeviceName.source(VOLUME);
    private static final String TARGET = "iqn.2026-11.io.sluice:vol.db";
    private static final Portal PORTAL = new Portal("10.0.0.1", 3260);
    private static final String SECRET = "the-secret-of-this-migration";
    private static final Served SERVED = new Served(1 << 20, 512, "db", SECRET);

    @TempDir
    Path directory;

    private final ScriptedCommands commands = new ScriptedCommands();
    private final AtomicLong nanoTime = new AtomicLong();
    private SimulatedMapper mapper;
    private SimulatedInitiator initiator;
    private KernelAttachments attachments;

    @BeforeEach
    void aHostWhoseSourceAnswers() {
        mapper = new SimulatedMapper(directory.resolve("sys"));
        initiator = new SimulatedInitiator(directory.resolve("sys"), directory.resolve("nodes"), mapper);
        commands.simulate("dmsetup", mapper::run);
        commands.simulate("iscsiadm", initiator::run);
        commands.simulate("iscsid", command -> initiator.startDaemon());
        commands.simulate("systemctl start iscsid.service", command -> initiator.startDaemon());
        initiator.serve(TARGET, PORTAL.toString(), SERVED);
        attachments = startAgent();
    }

    private KernelAttachments startAgent() {
        return new KernelAttachments(
                new DeviceMapper(commands),
                commands,
                new KernelAttachments.Places(
                        directory.resolve("sys"), directory.resolve("nodes"), directory.resolve("records")),
                Duration.ofMillis(200),
                nanoTime::get);
    }

    private void passes(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }

    private static AttachmentOrder order(Portal portal) {
        return new AttachmentOrder(
                MAP,
                VOLUME,
                new MigrationId("m1"),
                new Node(TARGET, portal, "iqn.2026-11.io.sluice:worker.b", new Login("u", SECRET, "mu", "ms")),
                new Disk(1 << 20, 512, "db", Access.READ_ONLY));
    }

    private static final AttachmentOrder ORDER = order(PORTAL);

    @Test
    void theDiskOfTheSessionIsUnderAMapThatQueues() {
        assertThat(attachments.attach(ORDER)).isEqualTo(Path.of("/dev/mapper/sluice-db.source"));
        assertThat(mapper.live(MAP.value())).isEqualTo(MultipathTable.over("8:16", 1 << 20));
        assertThat(attachments.observe()).singleElement().satisfies(found -> {
            assertThat(found.connected()).isTrue();
            assertThat(found.migration()).isEqualTo(new MigrationId("m1"));
            assertThat(found.target()).isEqualTo(TARGET);
        });
    }

    @Test
    void secretsAreInTheNodeRecordAloneWhichIsItsOwnersToRead() throws IOException {
        attachments.attach(ORDER);
        Path record = directory.resolve("nodes").resolve(NodeRecord.file(TARGET, PORTAL));
        assertThat(Files.readString(record)).contains(SECRET);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(record)))
                .isEqualTo("rw-------");
        assertThat(commands.lines()).isNotEmpty().noneMatch(line -> line.contains(SECRET));
        try (Stream<Path> records = Files.list(directory.resolve("records"))) {
            assertThat(records)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContain(SECRET));
        }
        assertThat(ORDER.toString()).doesNotContain(SECRET);
    }

    @Test
    void theDiskNeverRunsOutOfRetries() throws IOException {
        attachments.attach(ORDER);
        try (Stream<Path> files = Files.walk(directory.resolve("sys/devices"))) {
            assertThat(files.filter(file -> file.endsWith("max_retries")))
                    .singleElement()
                    .satisfies(file -> assertThat(Files.readString(file)).isEqualTo("-1"));
        }
    }

    @Test
    void commandsOnThisHostsOwnDisksAloneMayTakeForEver() throws IOException {
        attachments.attach(ORDER);
        assertThat(timeout()).isEqualTo("30");
        attachments.detach(MAP);
        attachments.attach(new AttachmentOrder(ORDER.map(), ORDER.volume(), null, ORDER.node(), ORDER.disk()));
        assertThat(timeout()).isEqualTo("864000");
    }

    private String timeout() throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("sys/devices"))) {
            return Files.readString(files.filter(file -> file.endsWith("timeout"))
                            .findFirst()
                            .orElseThrow())
                    .strip();
        }
    }

    @Test
    void detachingLeavesNothing() {
        attachments.attach(ORDER);
        attachments.detach(MAP);
        assertNothingIsLeft();
        assertThat(mapper.messages()).containsExactly("sluice-db.source: fail_if_no_path");
        attachments.detach(MAP);
        assertNothingIsLeft();
    }

    @Test
    void detachingEndsASessionWhoseTargetIsGone() {
        attachments.attach(ORDER);
        initiator.silence(TARGET, PORTAL.toString());
        attachments.detach(MAP);
        assertNothingIsLeft();
    }

    @Test
    void detachingHasNotEndedWhileTheKernelHasTheSession() {
        attachments.attach(ORDER);
        initiator.logsOutLate();
        assertThat(codeOf(() -> attachments.detach(MAP))).isEqualTo("LOGOUT_REFUSED");
        assertThat(attachments.observe()).hasSize(1);
        assertThat(directory.resolve("nodes").resolve(NodeRecord.file(TARGET, PORTAL)))
                .exists();
        initiator.endLeaving();
        attachments.detach(MAP);
        assertNothingIsLeft();
    }

    @Test
    void detachingDoesWithoutANodeRecordThatSomebodyDeleted() throws IOException {
        attachments.attach(ORDER);
        Files.delete(directory.resolve("nodes").resolve(NodeRecord.file(TARGET, PORTAL)));
        attachments.detach(MAP);
        assertNothingIsLeft();
    }

    @Test
    void aMapThatIsInUseIsNotTouched() {
        attachments.attach(ORDER);
        mapper.open(MAP.value());
        assertThat(codeOf(() -> attachments.detach(MAP))).isEqualTo("ATTACHMENT_IN_USE");
        assertThat(mapper.messages()).isEmpty();
        assertThat(initiator.sessions()).isEqualTo(1);
        attachments.lookAtAll();
        assertThat(attachments.observe()).hasSize(1);
    }

    @Test
    void anAgentThatDiesAtAnyCommandAttachesAfterItsRestart() {
        int commandsNeeded = count(() -> attachments.attach(ORDER));
        for (int at = 0; at < commandsNeeded; at++) {
            for (boolean before : new boolean[] {true, false}) {
                freshHost();
                dieAt(at, before);
                assertThatThrownBy(() -> attachments.attach(ORDER)).isInstanceOf(ScriptedCommands.Died.class);
                commands.live();
                attachments = startAgent();
                attachments.attach(ORDER);
                assertThat(mapper.live(MAP.value())).isEqualTo(MultipathTable.over(initiator.newestDisk(), 1 << 20));
                assertThat(initiator.sessions()).isEqualTo(1);
                attachments.detach(MAP);
                assertNothingIsLeft();
            }
        }
    }

    @Test
    void anAgentThatDiesAtAnyCommandDetachesAfterItsRestart() {
        attachments.attach(ORDER);
        int commandsNeeded = count(() -> attachments.detach(MAP));
        for (int at = 0; at < commandsNeeded; at++) {
            for (boolean before : new boolean[] {true, false}) {
                freshHost();
                attachments.attach(ORDER);
                commands.forget();
                dieAt(at, before);
                assertThatThrownBy(() -> attachments.detach(MAP)).isInstanceOf(ScriptedCommands.Died.class);
                commands.live();
                attachments = startAgent();
                attachments.detach(MAP);
                assertNothingIsLeft();
            }
        }
    }

    @Test
    void whatAnAgentWasWritingWhenItDiedGoesWhenItStarts() throws IOException {
        Path nodes = Files.createDirectories(directory.resolve("nodes"));
        Files.writeString(nodes.resolve(".sluice-1f.new"), "node.session.auth.password = " + SECRET);
        Files.writeString(directory.resolve("records").resolve(MAP + ".json.tmp"), "{");
        attachments = startAgent();
        assertNothingIsLeft();
    }

    @Test
    void anAgentThatDiedBeforeAttachingEndedCanStillDetach() {
        int commandsNeeded = count(() -> attachments.attach(ORDER));
        for (int at = 0; at < commandsNeeded; at++) {
            freshHost();
            dieAt(at, false);
            assertThatThrownBy(() -> attachments.attach(ORDER)).isInstanceOf(ScriptedCommands.Died.class);
            commands.live();
            attachments = startAgent();
            List<AttachmentState> left = attachments.observe();
            attachments.detach(MAP);
            assertNothingIsLeft();
            assertThat(left).hasSize(1);
        }
    }

    @Test
    void anotherDiskThanTheOrderedIsRefusedAndLeft() {
        for (Served other : List.of(
                new Served(2 << 20, 512, "db", SECRET),
                new Served(1 << 20, 4096, "db", SECRET),
                new Served(1 << 20, 512, "web", SECRET))) {
            initiator.serve(TARGET, PORTAL.toString(), other);
            HostActionException refused =
                    catchThrowableOfType(HostActionException.class, () -> attachments.attach(ORDER));
            assertThat(refused.kind()).isEqualTo(FailureKind.ABORT);
            assertThat(refused.code()).isIn("SIZE_MISMATCH", "BLOCK_SIZE_MISMATCH", "IDENTITY_MISMATCH");
            assertNothingIsLeft();
        }
    }

    @Test
    void failuresToLogInAreTypedAndLeaveNothing() {
        initiator.silence(TARGET, PORTAL.toString());
        assertThat(codeOf(() -> attachments.attach(ORDER))).isEqualTo("SOURCE_UNREACHABLE");
        assertNothingIsLeft();
        initiator.serve(TARGET, PORTAL.toString(), new Served(1 << 20, 512, "db", "another secret"));
        assertThat(codeOf(() -> attachments.attach(ORDER))).isEqualTo("SOURCE_REFUSES");
        assertNothingIsLeft();
    }

    @Test
    void aMissingDaemonIsStarted() {
        initiator.killDaemon(true);
        attachments.attach(ORDER);
        assertThat(initiator.sessions()).isEqualTo(1);
    }

    @Test
    void aDaemonThatDoesNotStartIsForTheOperator() {
        initiator.killDaemon(false);
        assertThat(codeOf(() -> attachments.attach(ORDER))).isEqualTo("ISCSID_NOT_RUNNING");
    }

    @Test
    void aDaemonThatIsMissingForALostSessionIsStarted() {
        attachments.attach(ORDER);
        initiator.killDaemon(true);
        initiator.silence(TARGET, PORTAL.toString());
        initiator.serve(TARGET, PORTAL.toString(), SERVED);
        attachments.lookAtAll();
        initiator.reconnect();
        assertThat(attachments.observe()).noneMatch(AttachmentState::connected);

        passes(PathStep.DAEMON_ALONE);
        attachments.lookAtAll();
        initiator.reconnect();
        assertThat(attachments.observe()).allMatch(AttachmentState::connected);
        assertThat(initiator.sessions()).isEqualTo(1);
    }

    @Test
    void aDaemonThatRunsIsSeldomAskedForALostSession() {
        attachments.attach(ORDER);
        initiator.silence(TARGET, PORTAL.toString());
        commands.forget();
        for (int second = 0; second < 30; second++) {
            attachments.lookAtAll();
            passes(Duration.ofSeconds(1));
        }
        assertThat(commands.lines().stream().filter(line -> line.startsWith("iscsi")))
                .hasSize(2)
                .allMatch(line -> line.endsWith("--stats"));
    }

    @Test
    void aDaemonThatCannotBeStartedIsWhatALostSessionIsReportedWith() {
        attachments.attach(ORDER);
        initiator.killDaemon(false);
        initiator.silence(TARGET, PORTAL.toString());
        passes(Duration.ofSeconds(1));
        attachments.lookAtAll();
        assertThat(lost().failure()).isNull();

        passes(PathStep.DAEMON_ALONE);
        attachments.lookAtAll();
        assertThat(failure().code()).isEqualTo("ISCSID_NOT_RUNNING");
        assertThat(failure().kind()).isEqualTo(FailureKind.OPERATOR);
        passes(Duration.ofSeconds(1));
        attachments.lookAtAll();
        assertThat(failure().code()).as("until it is asked for again").isEqualTo("ISCSID_NOT_RUNNING");

        initiator.killDaemon(true);
        passes(PathStep.DAEMON_ALONE);
        attachments.lookAtAll();
        assertThat(lost().failure()).as("the network alone is left").isNull();
    }

    @Test
    void whyTheWatchCannotLogInIsReportedUntilItCan() {
        attachments.attach(ORDER);
        initiator.reboot();
        initiator.silence(TARGET, PORTAL.toString());
        attachments.lookAtAll();
        assertThat(failure().code()).isEqualTo("SOURCE_UNREACHABLE");
        initiator.serve(TARGET, PORTAL.toString(), new Served(1 << 20, 512, "db", "another secret"));
        attachments.lookAtAll();
        assertThat(failure().code()).isEqualTo("SOURCE_REFUSES");
        assertThat(failure().message()).doesNotContain(SECRET);
        initiator.serve(TARGET, PORTAL.toString(), SERVED);
        attachments.lookAtAll();
        attachments.lookAtAll();
        assertThat(attachments.observe()).allMatch(found -> found.connected() && found.failure() == null);
    }

    private AttachmentReport lost() {
        AttachmentReport told = attachments.observe().getFirst().report();
        assertThat(told.connected()).isFalse();
        return told;
    }

    private AttachmentFailure failure() {
        return Objects.requireNonNull(lost().failure());
    }

    @Test
    void whoIsOvertakenInStartingTheDaemonFindsItRunning() {
        initiator.killDaemon(true);
        for (String start : List.of("iscsid", "systemctl start iscsid.service")) {
            commands.simulate(start, command -> {
                initiator.startDaemon();
                return new CommandResult.Exited(1, "", "iscsid: Can not bind IPC socket");
            });
        }
        attachments.attach(ORDER);
        assertThat(initiator.sessions()).isEqualTo(1);
    }

    @Test
    void aPathThatFailedIsReinstatedOnceItsSessionIsBack() {
        attachments.attach(ORDER);
        initiator.silence(TARGET, PORTAL.toString());
        mapper.status(MAP.value(), "multipath 2 1 0 0 1 1 E 0 1 0 8:16 F 1");
        attachments.lookAtAll();
        assertThat(mapper.messages()).isEmpty();
        assertThat(attachments.observe()).allMatch(found -> !found.connected());

        initiator.serve(TARGET, PORTAL.toString(), SERVED);
        initiator.reconnect();
        attachments.lookAtAll();
        assertThat(mapper.messages()).containsExactly("sluice-db.source: reinstate_path 8:16");
        assertThat(attachments.observe()).allMatch(AttachmentState::connected);
    }

    @Test
    void theDiskOfANewSessionComesUnderTheMapWithNothingLost() {
        attachments.attach(ORDER);
        mapper.open(MAP.value());
        initiator.reboot();
        commands.forget();
        attachments.lookAtAll();
        attachments.lookAtAll();
        assertThat(mapper.live(MAP.value())).isEqualTo(MultipathTable.over("8:32", 1 << 20));
        assertThat(commands.lines().stream().filter(line -> line.contains("suspend")))
                .containsExactly("dmsetup suspend --noflush --nolockfs sluice-db.source");
    }

    @Test
    void anotherDiskNeverComesUnderTheMap() {
        attachments.attach(ORDER);
        initiator.reboot();
        initiator.serve(TARGET, PORTAL.toString(), new Served(1 << 20, 512, "web", SECRET));
        attachments.lookAtAll();
        attachments.lookAtAll();
        assertThat(mapper.live(MAP.value())).isEqualTo(MultipathTable.over("8:16", 1 << 20));
        assertThat(failure().code()).as("there is a session, but of no use").isEqualTo("IDENTITY_MISMATCH");
    }

    @Test
    void aSourceThatMovedIsFollowedUnderTheSameMap() {
        attachments.attach(ORDER);
        mapper.open(MAP.value());
        Portal elsewhere = new Portal("10.0.0.9", 3260);
        initiator.serve(TARGET, elsewhere.toString(), SERVED);
        attachments.attach(order(elsewhere));
        attachments.lookAtAll();
        attachments.lookAtAll();
        assertThat(mapper.live(MAP.value())).isEqualTo(MultipathTable.over("8:32", 1 << 20));
        assertThat(initiator.sessions()).isEqualTo(1);
        assertThat(initiator.faults()).isEmpty();
        mapper.close(MAP.value());
        attachments.detach(MAP);
        assertNothingIsLeft();
    }

    @Test
    void afterARebootTheMapIsThereBeforeItsSourceAnswers() {
        attachments.attach(ORDER);
        initiator.silence(TARGET, PORTAL.toString());
        initiator.reboot();
        mapper.reboot();
        attachments = startAgent();
        assertThat(attachments.observe()).singleElement().matches(found -> !found.connected());

        attachments.attachLater(ORDER);
        assertThat(mapper.live(MAP.value())).isEqualTo(MultipathTable.over(null, 1 << 20));
        attachments.lookAtAll();
        assertThat(mapper.live(MAP.value())).isEqualTo(MultipathTable.over(null, 1 << 20));

        initiator.serve(TARGET, PORTAL.toString(), SERVED);
        attachments.lookAtAll();
        attachments.lookAtAll();
        assertThat(mapper.live(MAP.value())).isEqualTo(MultipathTable.over(initiator.newestDisk(), 1 << 20));
    }

    @Test
    void anAgentThatStartsAgainTakesOverWhatIsThere() {
        attachments.attach(ORDER);
        mapper.open(MAP.value());
        attachments = startAgent();
        commands.forget();
        attachments.attach(ORDER);
        assertThat(commands.lines()).noneMatch(line -> line.contains("login") || line.contains("create"));
        initiator.reboot();
        attachments.lookAtAll();
        attachments.lookAtAll();
        assertThat(mapper.live(MAP.value())).isEqualTo(MultipathTable.over("8:32", 1 << 20));
    }

    @Test
    void aMapLeftSuspendedGoesOnAndGetsItsPath() {
        attachments.attach(ORDER);
        initiator.reboot();
        attachments.lookAtAll();
        commands.forget();
        commands.dieBefore(3);
        assertThatThrownBy(attachments::lookAtAll).isInstanceOf(ScriptedCommands.Died.class);
        assertThat(commands.lines()).last().asString().contains("load");
        commands.live();
        assertThat(mapper.isSuspended(MAP.value())).isTrue();
        attachments = startAgent();
        attachments.attach(ORDER);
        attachments.lookAtAll();
        assertThat(mapper.isSuspended(MAP.value())).isFalse();
        attachments.lookAtAll();
        assertThat(mapper.live(MAP.value())).isEqualTo(MultipathTable.over("8:32", 1 << 20));
    }

    @Test
    void aMapThatNeverGotItsTableIsMadeAnewOrRemoved() {
        DeviceMapper gateway = new DeviceMapper(commands);
        gateway.createEmpty(MAP);
        attachments.attach(ORDER);
        assertThat(mapper.live(MAP.value())).isEqualTo(MultipathTable.over("8:16", 1 << 20));
        attachments.detach(MAP);
        gateway.createEmpty(MAP);
        attachments.detach(MAP);
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        assertThat(mapper.devices()).isEmpty();
        assertThat(initiator.sessions()).isZero();
        assertThat(initiator.faults()).isEmpty();
        assertThat(attachments.observe()).isEmpty();
        assertThat(directory.resolve("nodes"))
                .satisfiesAnyOf(
                        nodes -> assertThat(nodes).doesNotExist(),
                        nodes -> assertThat(nodes).isEmptyDirectory());
        assertThat(directory.resolve("records")).isEmptyDirectory();
    }

    private int count(Runnable action) {
        commands.forget();
        action.run();
        return commands.ran().size();
    }

    private void freshHost() {
        attachments.detach(MAP);
        commands.forget();
        mapper.reboot();
        initiator.reboot();
        attachments = startAgent();
    }

    private void dieAt(int command, boolean before) {
        if (before) {
            commands.dieBefore(command);
        } else {
            commands.dieAfter(command);
        }
    }

    private static String codeOf(ThrowingCallable call) {
        return catchThrowableOfType(HostActionException.class, call).code();
    }
}
