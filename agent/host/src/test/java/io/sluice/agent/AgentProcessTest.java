package io.sluice.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.agent.api.ChapSecrets;
import io.sluice.agent.api.ExportAccess;
import io.sluice.agent.api.HostSpec;
import io.sluice.agent.api.MigrationId;
import io.sluice.agent.api.Outgoing;
import io.sluice.agent.api.OutgoingGoal;
import io.sluice.agent.api.OutgoingVolume;
import io.sluice.agent.api.VolumeId;
import io.sluice.agent.api.WorkerId;
import io.sluice.agent.api.WorkloadId;
import io.sluice.agent.ledger.DurableRecord;
import io.sluice.agent.ledger.Ledger;
import io.sluice.agent.sync.WorkerIdentity;
import io.sluice.iscsi.block.FileDisk;
import io.sluice.iscsi.initiator.DiskAddress;
import io.sluice.iscsi.initiator.InitiatorOptions;
import io.sluice.iscsi.initiator.IscsiDisk;
import io.sluice.iscsi.login.ChapCredentials;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/** The real agent as a process of its own, killed without warning, while no orchestrator can be reached at all. */
@Timeout(300)
class AgentProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final VolumeId VOLUME = new VolumeId("v1");
    private static final WorkerId WORKER = new WorkerId("worker-1");
    private static final String INITIATOR = "iqn.2026-11.io.sluice:worker.b";
    private static final ChapSecrets SECRETS =
            new ChapSecrets("in", "secret-of-destination", "out", "secret-of-source");
    private static final ExportAccess ACCESS =
            new ExportAccess("iqn.2026-11.io.sluice:export.m1.v1", INITIATOR, SECRETS, null);

    @TempDir
    Path directory;

    private final List<Process> agents = new ArrayList<>();
    private int exportPort;
    private int diskPort;

    @BeforeEach
    void aHostWithAVolumeAWorkloadAndALedger() throws IOException {
        exportPort = freePort();
        diskPort = freePort();
        Path pool = Files.createDirectory(directory.resolve("pool"));
        FileDisk.create(pool.resolve(VOLUME + ".raw"), 1 << 20);
        Path workloads = Files.createDirectory(directory.resolve("workloads.d"));
        Files.writeString(directory.resolve("start"), """
                cd "$0" || exit 1
                [ -f pid ] && kill -0 "$(cat pid)" && exit 0
                echo started >> starts
                setsid sleep 600 > sleep.log 2>&1 < /dev/null &
                echo $! > pid
                env > environment.new && mv environment.new environment
                """);
        Files.writeString(workloads.resolve("db.yaml"), """
                id: db
                volumes: [v1]
                driver: exec
                programs:
                  start: [sh, -c, '. "$0/start"', %1$s]
                  stop: [sh, -c, 'kill "$(cat "$0/pid")"', %1$s]
                  status: [sh, -c, 'kill -0 "$(cat "$0/pid")" || exit 3', %1$s]
                """.formatted(directory));
        Files.writeString(directory.resolve("agent.yaml"), """
                orchestrator: {url: 'http://127.0.0.1:%d', joinToken: of-no-use}
                stateDirectory: %2$s/state
                name: worker-1
                portal: {bind: '127.0.0.1:%3$d'}
                diskPortal: {bind: '127.0.0.1:%4$d'}
                disks: portal
                pools: [{name: main, path: %2$s/pool, capacity: 1G}]
                workloadsDirectory: %2$s/workloads.d
                """.formatted(freePort(), directory, exportPort, diskPort));
        Path state = directory.resolve("state");
        try (Ledger ledger = Ledger.open(state)) {
            ledger.write(new HostSpec(WORKER, 3, List.of(offered()), List.of()));
        }
        new DurableRecord<>(state.resolve("identity.json"), WorkerIdentity.class)
                .write(new WorkerIdentity("machine-1", "claim", WORKER, "credential"));
    }

    private static Outgoing offered() {
        return new Outgoing(
                new MigrationId("m1"),
                4,
                OutgoingGoal.OFFERED,
                new WorkloadId("db"),
                List.of(new OutgoingVolume(VOLUME, ACCESS)),
                3600);
    }

    @AfterEach
    void endWhatWasStarted() throws Exception {
        agents.forEach(Process::destroyForcibly);
        Path pid = directory.resolve("pid");
        if (Files.exists(pid)) {
            ProcessHandle.of(workload()).ifPresent(ProcessHandle::destroyForcibly);
        }
        for (Process agent : agents) {
            agent.waitFor();
        }
    }

    @Test
    void aKilledAgentComesBackWithTheSameDisksAndExportsAndLeavesTheWorkloadAlone() throws Exception {
        Process first = startAgent();
        Map<String, String> told = eventually(this::environment);
        long workload = workload();
        String secret = Files.readString(Path.of(value(told, "SLUICE_DISK_0_SECRET_FILE")));
        DiskAddress address = DiskAddress.parse(value(told, "SLUICE_DISK_0"));
        assertThat(address.port()).isEqualTo(diskPort);
        assertThat(address.target()).isEqualTo("iqn.2026-11.io.sluice:disk.v1");
        ChapCredentials chap = credentials(value(told, "SLUICE_DISK_0_USER"), secret);

        try (IscsiDisk disk = IscsiDisk.open(
                address, InitiatorOptions.named("iqn.2026-11.io.sluice:db").withChap(chap, null))) {
            disk.write(4096, block(1));
            disk.flush();
            assertThat(firstByteOfExport()).isEqualTo((byte) 1);

            first.destroyForcibly().waitFor();
            startAgent();

            // The session that was open finds its disk again: same port, name and secret.
            disk.write(4096, block(2));
            disk.flush();
        }
        assertThat(Files.readString(Path.of(value(told, "SLUICE_DISK_0_SECRET_FILE"))))
                .isEqualTo(secret);
        assertThat(eventually(this::firstByteOfExport)).isEqualTo((byte) 2);
        assertThat(workload()).isEqualTo(workload);
        assertThat(ProcessHandle.of(workload).map(ProcessHandle::isAlive)).contains(true);
        assertThat(Files.readAllLines(directory.resolve("starts"))).hasSize(1);
    }

    /** What the export of the ledger shows of the block that the workload writes. */
    private byte firstByteOfExport() {
        InitiatorOptions options = InitiatorOptions.named(INITIATOR)
                .withChap(
                        credentials(SECRETS.user(), SECRETS.secret()),
                        credentials(SECRETS.mutualUser(), SECRETS.mutualSecret()));
        try (IscsiDisk export = IscsiDisk.open(new DiskAddress("127.0.0.1", exportPort, ACCESS.target(), 0), options)) {
            assertThat(export.serial()).isEqualTo("v1");
            assertThat(export.readOnly()).isTrue();
            ByteBuffer content = ByteBuffer.allocate(512);
            export.read(4096, content);
            return content.get(0);
        }
    }

    private Process startAgent() throws IOException {
        Process agent = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AgentCommand.class.getName(),
                        "--config",
                        directory.resolve("agent.yaml").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log()))
                .start();
        agents.add(agent);
        return agent;
    }

    private File log() {
        return directory.resolve("agent.log").toFile();
    }

    /** What the start program was told; throws until it ran. */
    private Map<String, String> environment() throws IOException {
        Map<String, String> told = new TreeMap<>();
        for (String line : Files.readAllLines(directory.resolve("environment"))) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                told.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return told;
    }

    private long workload() throws IOException {
        return Long.parseLong(Files.readString(directory.resolve("pid")).strip());
    }

    private <T> T eventually(Callable<T> question) throws IOException {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                return question.call();
            } catch (Exception e) {
                if (System.nanoTime() > end) {
                    throw new AssertionFailedError(
                            "not within " + LIMIT + ": " + e + "\n" + Files.readString(log().toPath()), e);
                }
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        }
    }

    private static String value(Map<String, String> told, String name) {
        return Objects.requireNonNull(told.get(name), name);
    }

    private static ByteBuffer block(int content) {
        return ByteBuffer.allocate(512).put(0, (byte) content);
    }

    private static ChapCredentials credentials(String user, String secret) {
        return new ChapCredentials(user, secret.strip().getBytes(StandardCharsets.UTF_8));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
