package io.sluice.iscsi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.iscsi.block.FileDisk;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.login.ChapCredentials;
import io.sluice.iscsi.netty.TargetDefinition;
import io.sluice.iscsi.netty.TargetServer;
import io.sluice.iscsi.netty.TargetServerConfig;
import io.sluice.iscsi.scsi.LogicalUnit;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Other people's initiators against this target: libiscsi's tools and QEMU, wherever they are installed. */
@Timeout(120)
class PeerTest {
    private static final String NAME = "iqn.2026-11.io.sluice:peer";
    private static final String USER = "peer";
    private static final String SECRET = "a-secret-for-peers";
    private static final int SIZE = 8 << 20;

    @TempDir
    private Path directory;

    private FileDisk disk;
    private TargetServer server;

    @BeforeEach
    void serve() {
        Path file = directory.resolve("disk");
        FileDisk.create(file, SIZE);
        disk = FileDisk.open(file, 512, false);
        byte[] content = new byte[1 << 20];
        new Random(1).nextBytes(content);
        disk.write(1 << 20, ByteBuffer.wrap(content));
        disk.write(5 << 20, ByteBuffer.wrap(content));
        server = TargetServer.start(TargetServerConfig.on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
        ChapCredentials chap = new ChapCredentials(USER, SECRET.getBytes(StandardCharsets.UTF_8));
        server.serve(new TargetDefinition(
                NAME,
                List.of(new LogicalUnit(disk, "peer-serial", false), new LogicalUnit(disk, "peer-frozen", true)),
                new Admission(null, chap, null),
                null));
    }

    @AfterEach
    void stop() {
        server.close();
        disk.close();
    }

    @Test
    void libiscsiListsTargetsAndUnits() throws Exception {
        String list = output("iscsi-ls", "-s", "iscsi://" + credentials() + portal());
        assertThat(list).contains("Target:" + NAME).contains("Lun:0").contains("Lun:1");
    }

    @Test
    void libiscsiReadsTheIdentity() throws Exception {
        assertThat(output("iscsi-inq", url(0))).contains("SLUICE").contains("DIRECT_ACCESS");
        assertThat(output("iscsi-inq", "-e", "1", "-c", "128", url(0))).contains("peer-serial");
        assertThat(output("iscsi-inq", "-e", "1", "-c", "176", url(0))).contains("maximum transfer length:8192");
        assertThat(output("iscsi-inq", "-e", "1", "-c", "178", url(0))).contains("lbprz:1", "provisioning type:2");
    }

    @Test
    void libiscsiReadsTheCapacity() throws Exception {
        assertThat(output("iscsi-readcapacity16", url(0)))
                .contains("RETURNED LOGICAL BLOCK ADDRESS:" + (SIZE / 512 - 1))
                .contains("LOGICAL BLOCK LENGTH IN BYTES:512")
                .contains("LBPRZ:1");
    }

    @Test
    void qemuReadsAndComparesTheDisk() throws Exception {
        assertThat(output("qemu-img", "info", url(0))).contains("virtual size: 8 MiB (" + SIZE + " bytes)");
        Path copy = directory.resolve("copy");
        output("qemu-img", "convert", "-O", "raw", url(0), copy.toString());
        assertThat(Files.mismatch(copy, directory.resolve("disk"))).isEqualTo(-1);
        assertThat(output("qemu-img", "compare", "-f", "raw", "-F", "raw", url(1), copy.toString()))
                .contains("Images are identical.");
    }

    @Test
    void qemuWritesTheDisk() throws Exception {
        Path original = directory.resolve("original");
        byte[] content = new byte[SIZE];
        new Random(2).nextBytes(content);
        Arrays.fill(content, 3 << 20, 6 << 20, (byte) 0);
        Files.write(original, content);
        output("qemu-img", "convert", "-n", "-f", "raw", "-O", "raw", original.toString(), url(0));
        assertThat(Files.mismatch(original, directory.resolve("disk"))).isEqualTo(-1);
    }

    private String url(int lun) {
        return "iscsi://" + credentials() + portal() + "/" + NAME + "/" + lun;
    }

    private String portal() {
        return "127.0.0.1:" + server.address().getPort();
    }

    private static String credentials() {
        return USER + "%" + SECRET + "@";
    }

    /** What a tool prints; it must succeed. The test is skipped where the tool is not installed. */
    private String output(String tool, String... arguments) throws IOException, InterruptedException {
        assumeTrue(installed(tool), tool + " is not on the PATH");
        Path printed = directory.resolve("printed");
        List<String> command = new ArrayList<>(List.of(tool));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(printed.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        String text = Files.readString(printed);
        assumeTrue(!text.contains("Unknown protocol 'iscsi'"), tool + " was built without iSCSI");
        assertThat(ended).as("%s ended: %s", tool, text).isTrue();
        assertThat(process.exitValue()).as("%s: %s", command, text).isZero();
        return text;
    }

    private static boolean installed(String tool) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }
}
